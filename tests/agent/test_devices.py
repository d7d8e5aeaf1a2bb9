"""Frida's view of devices, without touching anybody's adb server."""

from __future__ import annotations

import os
import socket

import pytest

from harness.agent.devices import adb_device, local_device
from harness.errors import LabError


def test_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "4711")
    assert local_device().type == "local"
    assert os.environ["ANDROID_ADB_SERVER_PORT"] == "4711"


def test_a_serial_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANDROID_ADB_SERVER_PORT", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(LabError, match="does not see the device") as caught:
        adb_device("emulator-9998", port, 0.1)
    assert str(port) in caught.value.where
    assert "ANDROID_ADB_SERVER_PORT" not in os.environ
