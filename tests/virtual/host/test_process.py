"""An app process from warm to bound, driven as the device's services drive it.

All tests share one process; each starts the app's main activity anew.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import re
import socket
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from harness.virtual.host import (
    ActivityState,
    AppSpec,
    Attempt,
    CommandFailed,
    IntentSpec,
    LogRecord,
)
from harness.virtual.host.model import ExtraValue

from .conftest import PACKAGE, Device, Probe, bounds, eventually, node

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]

NEW_TASK_CLEAR_TASK = 0x10008000
MAIN = f"{PACKAGE}/{PACKAGE}.MainActivity"
SECOND = f"{PACKAGE}/{PACKAGE}.SecondActivity"
KEYCODE_ENTER = 66
KEYCODE_HOME = 3
KEYCODE_BACK = 4


@pytest.fixture(scope="module")
def bound(
    device: Device, spec: AppSpec, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Probe]:
    async def take() -> Probe:
        process = await device.pool.take()
        probe = Probe(process, device.loop)
        process.subscribe(probe.events.append)
        data = tmp_path_factory.mktemp("data")
        await process.bind(dataclasses.replace(spec, data_dir=data))
        return probe

    probe = device.loop.run(take())
    yield probe
    device.loop.run(probe.process.terminate())


@pytest.fixture
def probe(bound: Probe) -> Probe:
    """The main activity, just made."""
    intent = IntentSpec(component=MAIN, flags=NEW_TASK_CLEAR_TASK, extras={"word": "übergeben"})
    result = bound.run(bound.process.start_activity(intent))
    assert result.component == MAIN
    return bound


def test_the_app_finds_a_phone(bound: Probe) -> None:
    logs = bound.logs()
    assert logs[:1] == ["class ProbeApp initialised"]
    assert "provider first: true" in logs
    assert "internet true, camera false" in logs
    assert "wifi true, validated true" in logs
    assert "installer com.android.vending" in logs
    assert "android_id 9774d56d682e549c" in logs
    assert "target 34" in logs


def test_extras_arrive_and_prints_are_log_lines(probe: Probe) -> None:
    assert "main extra übergeben" in probe.logs()
    printed = [e for e in probe.events if isinstance(e, LogRecord) and e.tag == "System.out"]
    assert printed[-1].message == "printed by the app"
    assert printed[-1].priority == 4  # Log.INFO, as Android's RuntimeInit redirects it
    assert printed[-1].pid == printed[-1].tid == probe.process.pid


def test_the_picture_is_the_screen(probe: Probe) -> None:
    image = Image.open(io.BytesIO(probe.run(probe.process.screenshot())))
    assert image.format == "PNG"
    assert image.size == (822, 1782)
    assert probe.process.spec is not None
    display = probe.process.spec.display
    assert image.size == (display.width_px, display.height_px)
    colors = image.convert("RGB").getcolors(maxcolors=1 << 20)
    assert colors is not None
    assert len(colors) > 20


# The attributes of AOSP's AccessibilityNodeInfoDumper in its order, and ours after them.
AOSP_ATTRIBUTES = [
    *("index", "text", "resource-id", "class", "package", "content-desc", "checkable"),
    *("checked", "clickable", "enabled", "focusable", "focused", "scrollable"),
    *("long-clickable", "password", "selected", "bounds"),
]


def test_the_dump_is_what_uiautomator_writes(probe: Probe) -> None:
    xml = probe.dump()
    assert xml.startswith(
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\"><node "
    )
    for tag in re.findall(r"<node ([^>]*)>", xml):
        names = re.findall(r'([\w-]+)="', tag)
        assert [name for name in names if name != "NAF"] == [*AOSP_ATTRIBUTES, "hint"]
    root = ElementTree.fromstring(xml)
    frame = root[0]
    assert frame.attrib["class"] == "android.widget.FrameLayout"
    assert frame.attrib["bounds"] == "[0,0][822,1782]"
    assert frame.attrib["package"] == PACKAGE
    status = node(xml, "status")
    assert status["class"] == "android.widget.TextView"
    assert re.fullmatch(r"starts \d+ Grüß <Gott> & „hallo“", status["text"])
    assert ' Grüß &lt;Gott&gt; &amp; „hallo“"' in xml
    assert node(xml, "field")["hint"] == "type here"
    assert node(xml, "field")["text"] == "type here"
    assert node(xml, "unnamed").get("NAF") == "true"
    assert "NAF" not in node(xml, "second")


def test_a_tap_clicks_and_a_long_press_does_not(probe: Probe) -> None:
    probe.tap("unnamed")
    assert probe.status() == "unnamed"
    left, top, right, bottom = bounds(probe.dump(), "second")
    x, y = (left + right) / 2, (top + bottom) / 2
    probe.run(probe.process.swipe(x, y, x, y, 900))
    assert probe.status() == "long second"
    assert probe.run(probe.process.focus()).component == MAIN


def test_typing_by_keys(probe: Probe) -> None:
    assert not probe.run(probe.process.ime_state()).shown
    probe.tap("field")
    state = probe.run(probe.process.ime_state())
    assert (state.active, state.shown) == (True, True)
    assert state.field_id == f"{PACKAGE}:id/field"
    assert state.ime_options & 0xFF == 3  # IME_ACTION_SEARCH
    assert state.hint == "type here"
    probe.run(probe.process.text("Hepatitis B? (100%) ~ 'a' \"_\""))
    text = node(probe.dump(), "field")["text"]
    assert text == "Hepatitis B? (100%) ~ 'a' \"_\""
    assert node(probe.dump(), "field")["focused"] == "true"
    probe.run(probe.process.key_events([67, KEYCODE_ENTER]))  # DEL first
    assert probe.status() == "submitted Hepatitis B? (100%) ~ 'a' \"_"


def test_what_has_no_key_fails_as_on_android(probe: Probe) -> None:
    probe.tap("field")
    with pytest.raises(CommandFailed) as caught:
        probe.run(probe.process.text("hépatite"))
    assert caught.value.kind == "bad_text"
    assert caught.value.what == (
        "java.lang.NullPointerException: Attempt to get length of null array"
    )
    assert node(probe.dump(), "field")["text"] == "type here"


def test_back_hides_the_keyboard_first(probe: Probe) -> None:
    probe.tap("field")
    probe.run(probe.process.key_events([KEYCODE_BACK]))
    state = probe.run(probe.process.ime_state())
    assert (state.active, state.shown) == (True, False)
    assert probe.run(probe.process.focus()).component == MAIN


def brightness(image: Image.Image) -> float:
    """Of a point that no dialog covers."""
    level = image.convert("L").getpixel((5, 1770))
    assert isinstance(level, (int, float))
    return level


def test_a_dialog_is_a_window_that_back_closes(probe: Probe) -> None:
    probe.tap("dialog")
    xml = probe.dump()
    assert 'text="Really?"' in xml
    assert 'resource-id="android:id/button1"' in xml
    windows = probe.run(probe.process.windows())
    assert [(w.is_dialog, w.focused) for w in windows] == [(False, False), (True, True)]
    left, top, right, bottom = windows[1].bounds
    assert 0 <= left < right <= 822
    assert 0 < top < bottom < 1782
    assert abs((top + bottom) / 2 - 891) < 60, "dialogs are in the middle"
    dimmed = Image.open(io.BytesIO(probe.run(probe.process.screenshot())))
    probe.run(probe.process.back())
    assert probe.status() == "cancelled"
    plain = Image.open(io.BytesIO(probe.run(probe.process.screenshot())))
    assert brightness(dimmed) < brightness(plain)
    assert [w.is_dialog for w in probe.run(probe.process.windows())] == [False]


def test_an_activity_for_a_result(probe: Probe) -> None:
    seen = len(probe.events)
    probe.tap("second")
    eventually(lambda: probe.run(probe.process.focus()).component == SECOND)
    probe.tap("finish")
    eventually(lambda: probe.run(probe.process.focus()).component == MAIN)
    assert probe.status() == "result 7 -1 from second"
    states = [e for e in probe.events[seen:] if isinstance(e, ActivityState)]
    entered = [e for e in states if e.display_ms is None]
    assert [e.component for e in states if e.display_ms is not None] == [SECOND]
    assert [(e.component.rpartition(".")[2], e.state) for e in entered] == [
        ("MainActivity", "paused"),
        ("SecondActivity", "created"),
        ("SecondActivity", "started"),
        ("SecondActivity", "resumed"),
        ("MainActivity", "stopped"),
        ("SecondActivity", "paused"),
        ("MainActivity", "started"),
        ("MainActivity", "resumed"),
        ("SecondActivity", "stopped"),
        ("SecondActivity", "destroyed"),
    ]


def test_back_leaves_the_second_activity(probe: Probe) -> None:
    result = probe.run(
        probe.process.start_activity(IntentSpec(component=f"{PACKAGE}/.SecondActivity"))
    )
    assert (result.component, result.launch_state) == (SECOND, "WARM")
    probe.run(probe.process.back())
    assert probe.run(probe.process.focus()).component == MAIN


def test_home_and_back_to_the_front(probe: Probe) -> None:
    before = probe.status()
    probe.run(probe.process.key_events([KEYCODE_HOME]))
    focus = probe.run(probe.process.focus())
    assert (focus.component, focus.window_title) == ("", "")
    assert probe.run(probe.process.windows()) == []
    with pytest.raises(CommandFailed) as caught:
        probe.dump()
    assert caught.value.kind == "no_window"
    eventually(lambda: "trim 20" in probe.logs())
    assert probe.process.alive
    result = probe.run(probe.process.start_activity(IntentSpec(component=MAIN)))
    assert result.brought_to_front
    assert result.launch_state == "HOT"
    assert probe.status() == before


def test_https_from_a_process_that_was_warm(probe: Probe, device: Device) -> None:
    probe.tap("fetch")
    eventually(lambda: "gefunden" in probe.status())
    assert probe.status() == ("com.android.okhttp.internal.huc.HttpsURLConnectionImpl gefunden: é")
    requests = [
        entry
        for entry in map(json.loads, device.internet.record.read_text().splitlines())
        if entry["event"] == "request"
    ]
    hosts = {entry["where"]["host"] for entry in requests}
    assert hosts == {"search.probe.example"}, "the warm-up sends nothing"
    assert requests[-1]["where"]["tls"] is True
    headers = {name.lower(): value for name, value in requests[-1]["headers"]}
    assert headers["user-agent"].startswith("Dalvik/2.1.0 (Linux; U; Android 14; ")
    assert headers["accept-encoding"] == "gzip"


def test_nothing_goes_past_the_proxy(bound: Probe, device: Device) -> None:
    """A listener on a second loopback address, as a stand-in for the rest of the world."""
    address = "127.0.0.2"
    with (
        socket.create_server((address, 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        port = tcp.getsockname()[1]
        udp.bind((address, port))
        tcp.setblocking(False)
        udp.setblocking(False)
        extras: dict[str, ExtraValue] = {"address": address, "port": port}
        intent = IntentSpec(component=MAIN, flags=NEW_TASK_CLEAR_TASK, extras=extras)
        bound.run(bound.process.start_activity(intent))
        bound.tap("escape")
        eventually(lambda: "NAME" in bound.status())
        outcome = dict(way.split(" ") for way in bound.status().strip("; ").split("; "))
        assert outcome == {
            "SOCKET": "went",  # to the proxy, which takes it for the host that it asks for
            "SOCKET_NO_PROXY": "went",
            "CHANNEL": "SocketException",
            "ASYNC_CHANNEL": "SocketException",
            "DATAGRAM": "SocketException",
            "DATAGRAM_CHANNEL": "SocketException",
            "CLEARTEXT": "IOException",  # target SDK 34 without usesCleartextTraffic
            "NAME": "UnknownHostException",
        }
        with pytest.raises(BlockingIOError):
            tcp.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(16)
    attempts = [e for e in bound.events if isinstance(e, Attempt)]
    assert {e.kind for e in attempts} == {
        "socket-channel",
        "asynchronous-channel",
        "datagram",
        "datagram-channel",
    }
    assert all("org.example.probe.Escape" in e.trace for e in attempts)


def test_a_broadcast_reaches_the_manifest_receiver(probe: Probe) -> None:
    intent = IntentSpec(action=f"{PACKAGE}.PING", extras={"word": "hi"})
    probe.run(probe.process.broadcast(intent))
    eventually(lambda: "ping hi" in probe.logs())
    assert not [line for line in probe.logs("System.err") if "Matching wrappers" in line]


def test_a_permission_granted_later(probe: Probe) -> None:
    probe.run(probe.process.set_permission("android.permission.CAMERA", True))
    probe.run(probe.process.set_permission("android.permission.CAMERA", False))


@pytest.mark.parametrize(
    ("command", "arguments", "kind"),
    [
        ("no_such_thing", {}, "unknown_command"),
        ("input_tap", {"x": "left"}, "bad_argument"),
        ("input_text", {}, "bad_argument"),
        ("bind", {}, "already_bound"),
    ],
)
def test_a_wrong_command_gets_an_answer(
    bound: Probe, command: str, arguments: dict[str, object], kind: str
) -> None:
    with pytest.raises(CommandFailed) as caught:
        bound.run(bound.process.call(command, arguments))
    assert caught.value.kind == kind
    assert bound.process.alive


def test_an_activity_that_does_not_exist(bound: Probe) -> None:
    with pytest.raises(CommandFailed) as caught:
        bound.run(bound.process.start_activity(IntentSpec(component=f"{PACKAGE}/.Nowhere")))
    assert caught.value.kind == "no_such_activity"


def test_no_rest_within_the_time_given(probe: Probe) -> None:
    arguments = {"compressed": False, "quiet_ms": 60_000}
    with pytest.raises(CommandFailed) as caught:
        probe.run(probe.process.call("dump_hierarchy", arguments, timeout_s=1.0))
    assert caught.value.kind == "not_idle"


def test_memory_is_counted(bound: Probe) -> None:
    memory = bound.run(bound.process.memory(collect=True))
    assert 10 << 20 < memory.heap_used_bytes < 256 << 20
    assert memory.resident_bytes < 700 << 20


def test_an_idle_app_costs_next_to_nothing(probe: Probe) -> None:
    probe.run(probe.process.home())
    window_s = 1.0

    def cpu_ticks() -> int:
        fields = Path(f"/proc/{probe.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def quiet_window() -> bool:
        """Whether the process used less than a tenth of a CPU for a while."""
        start = cpu_ticks()
        threading.Event().wait(window_s)
        return cpu_ticks() - start < 0.1 * window_s * os.sysconf("SC_CLK_TCK")

    eventually(quiet_window, timeout_s=20)
