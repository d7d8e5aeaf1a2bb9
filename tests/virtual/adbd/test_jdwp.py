"""Debuggers: adb's own `jdwp` and `track-jdwp`, and a handshake through `adb forward`."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

from tests.virtual.adbd.test_relay import forwarded
from tests.virtual.conftest import Adb, DeviceThread
from tests.virtual.fakes.apks import fake_apk
from tests.virtual.fakes.shell import MAIN, PACKAGE


def at_the_gate(adb: Adb, tmp_path: Path) -> int:
    adb.text("install", fake_apk(tmp_path / "a.apk"))
    adb.text("shell", f"am start -D -n {MAIN}")
    return int(adb.text("shell", f"pidof {PACKAGE}"))


def test_a_handshake_opens_the_gate(adb: Adb, fake_device: DeviceThread, tmp_path: Path) -> None:
    pid = at_the_gate(adb, tmp_path)
    app = fake_device.source.made[0]
    assert not [call for call in app.calls if call[0] == "start_activity"]
    with forwarded(adb, f"jdwp:{pid}") as client:
        client.sendall(b"JDWP-Handshake")
        assert client.recv(14) == b"JDWP-Handshake"
        client.sendall(struct.pack(">IIBBB", 11, 1, 0, 1, 7))  # VirtualMachine.IDSizes
        answer = client.recv(31)
        assert answer[:11] == struct.pack(">IIBH", 31, 1, 0x80, 0)
        client.sendall(struct.pack(">IIBBB", 11, 2, 0, 15, 1))  # EventRequest.Set
        assert client.recv(11) == struct.pack(">IIBH", 11, 2, 0x80, 99)
        client.sendall(struct.pack(">IIBBB", 11, 3, 0, 1, 6))  # VirtualMachine.Dispose
        assert client.recv(11) == struct.pack(">IIBH", 11, 3, 0x80, 0)
        assert client.recv(1) == b""
    assert "Displayed" in adb.text("shell", "logcat -m 1 -s ActivityTaskManager")
    assert [call[0] for call in app.calls][:3] == ["bind", "debugger_attached", "start_activity"]


def test_what_is_no_handshake_opens_nothing(
    adb: Adb, fake_device: DeviceThread, tmp_path: Path
) -> None:
    pid = at_the_gate(adb, tmp_path)
    with forwarded(adb, f"jdwp:{pid}") as client:
        client.sendall(b"JDWP-Handshakf")
        assert client.recv(1) == b""
    assert ("debugger_attached",) not in fake_device.source.made[0].calls


def test_pids_are_listed_and_followed(adb: Adb, tmp_path: Path) -> None:
    tracker = subprocess.Popen([*adb.argv, "track-jdwp"], stdout=subprocess.PIPE)
    assert tracker.stdout is not None
    pid = at_the_gate(adb, tmp_path)
    line = tracker.stdout.readline()
    while str(pid).encode() not in line:
        line = tracker.stdout.readline()
        assert line
    tracker.terminate()
    tracker.communicate(timeout=10)
