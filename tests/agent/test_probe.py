"""A device with a Frida endpoint is in `tests/device/test_on_virtual.py`; here there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.agent.probe import VERSION, answering
from harness.clock import SystemClock, wait_until
from harness.device.server import start_blind
from harness.errors import LabError
from tests.agent.test_forward import listed
from tests.device.scripted import ScriptedDevice


def test_a_device_without_frida_server_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    server = start_blind()
    files = tmp_path / "files"
    files.mkdir()
    scripted = ScriptedDevice({}, files)
    try:
        server.adb.connect(scripted.serial)
        adb = server.adb.device(scripted.serial)
        assert wait_until(SystemClock(), lambda: adb.state() == "device", 10)
        with pytest.raises(LabError, match="Frida cannot work on the device") as caught:
            answering(scripted.serial, server.port, timeout_s=3)
        assert "no Frida listens" in caught.value.seen
        assert caught.value.action == f"start frida-server {VERSION} on the device, as root"
        assert listed(server) == set()
    finally:
        server.close()
        scripted.close()
