"""What needs no boot; the rest is in `tests/device/test_on_virtual.py`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from harness.device.providers import DeviceRequest
from harness.device.server import start_blind
from harness.errors import LabError
from harness.virtual import provider
from harness.virtual.daemon import VirtualDevice
from harness.virtual.daemon.attempts import AttemptRecord
from harness.virtual.host import Attempt
from tests.device.scripted import FakeClock


class Daemon:
    """Notes how a device is started and that it is stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: dict[str, Any] = {}
        self.stopped: list[str | None] = []

    def start(self, **asked: Any) -> VirtualDevice:
        self.asked = asked
        record = self.folder / "witness.jsonl"
        record.touch()
        return VirtualDevice(
            "127.0.0.1:1", 1, os.getpid(), os.getpid(), record, self.folder, self.folder / "log"
        )

    def stop(self, serial: str | None = None) -> list[str]:
        self.stopped.append(serial)
        return []


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    fake = Daemon(tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(provider, "start_device", fake.start)
    monkeypatch.setattr(provider, "stop_device", fake.stop)
    return fake


def test_a_device_that_does_not_come_online_is_stopped(daemon: Daemon) -> None:
    with pytest.raises(LabError):
        provider.open_virtual(DeviceRequest("virtual"), FakeClock())
    assert daemon.stopped == ["127.0.0.1:1"]
    assert daemon.asked["owner_pid"] == os.getpid()
    assert daemon.asked["internet"] == []


def test_live_is_said_aloud(daemon: Daemon, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LabError):
        provider.open_virtual(DeviceRequest("virtual", internet="live"), FakeClock())
    assert daemon.asked["internet"] == "live"
    assert "LIVE" in capsys.readouterr().err


def test_the_folder_of_the_option_comes_before_the_scenarios(daemon: Daemon) -> None:
    request = DeviceRequest("virtual", internet="own", scenario_internet=(Path("beside"),))
    with pytest.raises(LabError):
        provider.open_virtual(request, FakeClock())
    assert daemon.asked["internet"] == [Path("own"), Path("beside")]


def test_the_environment_is_left_alone_and_all_is_given_back(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "4711")
    server = start_blind()
    held = provider.Embedded(daemon.start(), server, [], live=False)
    assert os.environ["ANDROID_ADB_SERVER_PORT"] == "4711"
    assert held.witness_exchanges() == ()
    assert held.witness_down() == ""
    held.close()
    assert os.environ["ANDROID_ADB_SERVER_PORT"] == "4711"
    assert not server.adb.answers()
    assert daemon.stopped == ["127.0.0.1:1"]


def test_what_apps_tried_past_the_witness_is_known(daemon: Daemon) -> None:
    server = start_blind()
    held = provider.Embedded(daemon.start(), server, [], live=False)
    try:
        attempts = AttemptRecord(daemon.folder / "witness.jsonl")
        attempts.add("org.example", Attempt("datagram", "t.example/192.0.2.1:443", ""))
        (gap,) = held.witness_gaps()
        assert (gap.host, held.witness_down()) == ("t.example", "")
        attempts.uncontained("apps are not held here")
        attempts.close()
        assert held.witness_gaps() == (gap,)
        assert held.witness_down() == "apps are not held here"
    finally:
        held.close()
