"""Frida's view of devices, without touching anybody's adb server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import frida
import pytest

from harness.agent import devices
from harness.agent.devices import adb_device
from harness.errors import BugError, LabError


def test_a_serial_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANDROID_ADB_SERVER_PORT", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(LabError, match="does not see the device") as caught:
        adb_device("emulator-9998", port, 0.1)
    assert str(port) in caught.value.where
    assert "ANDROID_ADB_SERVER_PORT" not in os.environ


def test_a_frida_without_the_constructor_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    devices._sockets_only.cache_clear()
    monkeypatch.delattr(frida, "_wrap")
    with pytest.raises(BugError, match="cannot be used") as caught:
        devices._sockets_only()
    assert frida.__version__ in caught.value.seen


ALONE = """
import frida
from harness.agent.devices import _remote
try:
    _remote(1).enumerate_processes()
except frida.ServerNotRunningError:
    print("no server there")
"""


def test_nothing_of_frida_outlives_the_process(tmp_path: Path) -> None:
    """Its ordinary manager leaves `idund` behind, started from a folder under TMPDIR."""
    ran = subprocess.run(
        [sys.executable, "-c", ALONE],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (ran.stdout, ran.stderr) == ("no server there\n", "")
    running = [os.readlink(exe) for exe in Path("/proc").glob("[0-9]*/exe") if _readable(exe)]
    assert not [path for path in running if path.startswith(str(tmp_path))]
    assert list(tmp_path.iterdir()) == []


def _readable(link: Path) -> bool:
    try:
        os.readlink(link)
    except OSError:
        return False
    return True
