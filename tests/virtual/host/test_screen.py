"""What is on the screen: pictures, dumps, windows."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from harness.virtual.host import (
    CommandFailed,
)

from .conftest import (
    PACKAGE,
    Probe,
    eventually,
    node,
)

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]


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


def test_no_rest_within_the_time_given(probe: Probe) -> None:
    arguments = {"compressed": False, "quiet_ms": 60_000}
    with pytest.raises(CommandFailed) as caught:
        probe.run(probe.process.call("dump_hierarchy", arguments, timeout_s=1.0))
    assert caught.value.kind == "not_idle"


def test_a_popup_menu_is_above_its_window(probe: Probe) -> None:
    probe.tap("popup")
    windows = probe.run(probe.process.windows())
    assert [w.focused for w in windows] == [False, True]
    menu = ElementTree.fromstring(probe.dump())
    choice = next(n for n in menu.iter("node") if n.attrib["text"] == "second choice")
    left, top, right, bottom = map(int, re.findall(r"-?\d+", choice.attrib["bounds"]))
    assert windows[1].bounds[1] > 0, "below its anchor"
    probe.run(probe.process.tap((left + right) / 2, (top + bottom) / 2))
    eventually(lambda: len(probe.run(probe.process.windows())) == 1)  # it fades out first
    assert probe.status() == "chose second choice"
