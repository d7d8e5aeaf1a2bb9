"""The handshake against the package's own `jdwp:` service, through the real adb server."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.clock import SystemClock, wait_until
from harness.device import gate
from harness.device.device import Device
from harness.device.server import PrivateServer
from harness.errors import LabError
from tests.device.scripted import ScriptedDevice


def test_releases_the_process_that_waits(adb_server: PrivateServer, tmp_path: Path) -> None:
    scripted = ScriptedDevice({}, tmp_path)
    try:
        scripted.gates.waiting.append(4711)
        adb_server.adb.connect(scripted.serial)
        adb = adb_server.adb.device(scripted.serial)
        clock = SystemClock()
        assert wait_until(clock, lambda: adb.state() == "device", 10)
        device = Device(adb, "adb")
        with gate.debugger(device, 4711):
            assert wait_until(clock, lambda: scripted.gates.released == [4711], 10)
        with pytest.raises(LabError, match="debugger"), gate.debugger(device, 1):
            pass
        adb_server.adb.disconnect(scripted.serial)
    finally:
        scripted.close()
