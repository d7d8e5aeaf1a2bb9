"""A whole device with the real framework: adb's own client, adbutils and Frida in front of it.

One device for all tests of this file; each test brings its app into the state that it needs.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import adbutils
import pytest

from harness.device.server import PrivateServer
from harness.virtual.apk import build_app
from harness.virtual.daemon import VirtualDevice, start_device, stop_device
from tests.virtual.conftest import Adb

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-machine")]

CLINIC = Path(__file__).parents[3] / "scenarios/apps/clinic"
PACKAGE = "org.example.clinic"
MAIN = f"{PACKAGE}/.SearchActivity"
PROBE, PROBE_APP = "org.example.probe", Path(__file__).parents[1] / "host/app"
FOCUS = "dumpsys window displays | grep mCurrentFocus | tail -n 1"


@pytest.fixture(scope="module")
def machine() -> Iterator[VirtualDevice]:
    device = start_device(
        apks=[build_app(CLINIC, "leaky"), build_app(PROBE_APP, "plain")], owner_pid=os.getpid()
    )
    yield device
    stop_device(device.serial)


@pytest.fixture(scope="module")
def adb(machine: VirtualDevice, adb_server: PrivateServer) -> Adb:
    client = Adb(adb_server.port, machine.serial)
    client("connect", machine.serial)
    client("wait-for-device")
    return client


@pytest.fixture
def started(adb: Adb) -> Adb:
    """The app in front, in a process that may have run before."""
    done = adb.text("shell", f"am start -W -n {MAIN}")
    assert "Status: ok" in done, done
    return adb


def eventually(condition: Callable[[], bool], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def hierarchy(adb: Adb) -> ElementTree.Element:
    adb.text("shell", "uiautomator dump")
    return ElementTree.fromstring(adb.text("exec-out", "cat /sdcard/window_dump.xml"))


def test_it_has_booted_with_its_app(adb: Adb) -> None:
    assert adb.text("shell", "getprop sys.boot_completed") == "1\n"
    assert adb.text("shell", "pm list packages") == f"package:{PACKAGE}\npackage:{PROBE}\n"


def test_a_start_says_what_android_says(started: Adb) -> None:
    done = started.text("shell", f"am start -S -W -n {MAIN}")
    assert re.search(r"LaunchState: COLD\nActivity: \S+\nTotalTime: \d+\nWaitTime: \d+\n", done)
    assert f"u0 {PACKAGE}/" in started.text("shell", FOCUS)
    assert int(started.text("shell", f"pidof {PACKAGE}")) > 0


def test_the_screen_is_the_apps(started: Adb) -> None:
    packages = {node.get("package") for node in hierarchy(started).iter("node")}
    assert packages == {PACKAGE}
    device = adbutils.AdbClient("127.0.0.1", started.server_port).device(started.serial)
    assert device.screenshot().size == (822, 1782)
    assert device.app_current().package == PACKAGE


def test_home_and_back_by_keys(started: Adb) -> None:
    started.text("shell", "input keyevent HOME")
    assert "com.android.launcher3/" in started.text("shell", FOCUS)
    again = started.text("shell", f"am start -W -n {MAIN}")
    assert "LaunchState: HOT" in again


def test_data_survives_an_update_and_not_a_clear(started: Adb) -> None:
    started.text("shell", f"run-as {PACKAGE} sh -c 'echo mine >files/f'")
    assert started("install", "-r", build_app(CLINIC, "fixed")).stdout.endswith(b"Success\n")
    assert started.text("shell", f"run-as {PACKAGE} cat files/f") == "mine\n"
    started.text("shell", f"pm clear {PACKAGE}")
    assert started("shell", f"run-as {PACKAGE} cat files/f").returncode == 1


@pytest.mark.parametrize("content", [b"no apk", b"PK\x03\x04 truncated"])
def test_broken_files_are_refused_by_androids_words(
    adb: Adb, tmp_path: Path, content: bytes
) -> None:
    apk = tmp_path / "broken.apk"
    apk.write_bytes(content)
    done = adb("install", apk)
    assert done.returncode == 1
    assert b"Failure [INSTALL_PARSE_FAILED_NOT_APK: Failed to parse" in done.stderr + done.stdout


CLIENT = """
import sys, threading, frida
serial, pid = sys.argv[1], int(sys.argv[2])
device = frida.get_device(serial, timeout=20)
assert pid in {process.pid for process in device.enumerate_processes()}
session = device.attach(pid)
script = session.create_script("send(Process.id)")
arrived = threading.Event()
script.on("message", lambda message, data: (print(message["payload"]), arrived.set()))
script.load()
assert arrived.wait(20)
session.detach()
"""


def attached_pid(adb: Adb, pid: int) -> int:
    """What a script says its pid is, run by a Frida client of its own through the adb server.

    A process of its own, as Frida looks for the adb server's port only once in a process.
    """
    with tempfile.TemporaryDirectory() as folder:  # Frida leaves one of its own in TMPDIR
        done = subprocess.run(
            [sys.executable, "-c", CLIENT, adb.serial, str(pid)],
            env={
                **os.environ,
                "ANDROID_ADB_SERVER_PORT": str(adb.server_port),
                "XDG_RUNTIME_DIR": "/dev/null",
                "TMPDIR": folder,
            },
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_instrumented_from_the_first_line(adb: Adb) -> None:
    """`am start -D`, attach through the adb server by pid, then one JDWP handshake."""
    adb.text("shell", f"am start -D -n {MAIN}")
    pid = int(adb.text("shell", f"pidof {PACKAGE}"))
    assert attached_pid(adb, pid) == pid
    assert PACKAGE not in adb.text("shell", FOCUS)
    port = int(adb.text("forward", "tcp:0", f"jdwp:{pid}"))
    with socket.create_connection(("127.0.0.1", port), timeout=20) as debugger:
        debugger.sendall(b"JDWP-Handshake")
        assert debugger.recv(14) == b"JDWP-Handshake"
    eventually(lambda: PACKAGE in adb.text("shell", FOCUS))
    adb.text("shell", f"am force-stop {PACKAGE}")


def test_a_process_that_is_killed(started: Adb) -> None:
    pid = int(started.text("shell", f"pidof {PACKAGE}"))
    os.kill(pid, 9)
    eventually(lambda: started("shell", f"pidof {PACKAGE}").returncode == 1)
    assert "com.android.launcher3/" in started.text("shell", FOCUS)
    assert f"(pid {pid}) has died" in started.text("logcat", "-d")


def tap_on(adb: Adb, text: str) -> None:
    """Tap the middle of the node with this text, scrolling down to it if need be."""
    for _ in range(5):
        for node in hierarchy(adb).iter("node"):
            if node.get("text") == text:
                left, top, right, bottom = map(int, re.findall(r"\d+", node.get("bounds", "")))
                adb.text("shell", f"input tap {(left + right) // 2} {(top + bottom) // 2}")
                return
        adb.text("shell", "input swipe 400 1400 400 600 200")
    raise AssertionError(text)


def test_an_app_that_crashes(adb: Adb) -> None:
    adb.text("shell", f"am start -S -W -n {PROBE}/.MainActivity")
    pid = adb.text("shell", f"pidof {PROBE}").strip()
    tap_on(adb, "crash")
    eventually(lambda: adb("shell", f"pidof {PROBE}").returncode == 1)
    log = adb.text("logcat", "-d", "-s", "AndroidRuntime")
    assert "E AndroidRuntime: FATAL EXCEPTION: main" in log
    assert f"Process: {PROBE}, PID: {pid}" in log
    assert "java.lang.IllegalStateException: on purpose" in log
    assert f"\tat {PROBE}.MainActivity.crash(" in log


def test_several_apps_and_the_way_back(adb: Adb) -> None:
    adb.text("shell", f"am start -W -n {PROBE}/.MainActivity")
    adb.text("shell", f"am start -W -n {MAIN}")
    pids = adb.text("shell", f"pidof {PROBE}; pidof {PACKAGE}").split()
    assert len(set(pids)) == 2
    assert f"u0 {PACKAGE}/" in adb.text("shell", FOCUS)
    adb.text("shell", f"am start -W -n {PROBE}/.MainActivity")
    assert f"u0 {PROBE}/" in adb.text("shell", FOCUS)
    tap_on(adb, "second")
    eventually(lambda: "SecondActivity" in adb.text("shell", FOCUS))
    adb.text("shell", "input keyevent BACK")
    eventually(lambda: f"{PROBE}.MainActivity" in adb.text("shell", FOCUS))
    adb.text("shell", "input keyevent BACK")
    eventually(lambda: f"u0 {PACKAGE}/" in adb.text("shell", FOCUS))
    adb.text("shell", f"am force-stop {PACKAGE}; am force-stop {PROBE}")
