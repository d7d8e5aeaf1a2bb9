"""Many starts, and nothing is left: processes, ports, descriptors, temporary files, memory.

The figures go to `test-results/endurance-*.json`. Long: part of `make check` only.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.device.server import PrivateServer
from harness.virtual.daemon import VirtualDevice, start_device, stop_device
from tests.virtual.conftest import Adb
from tests.virtual.endurance.footprint import Footprint, footprint

APP_STARTS, FIRST_STARTS = 200, 20
DEVICE_STARTS, FIRST_DEVICES = 50, 3
PACKAGE = "org.example.clinic"
START_LIMIT_S = 120
MEMORY_SLACK_BYTES = 24 << 20
"""What a heap may swing; 180 leaked starts of 200 kB each would not fit."""

pytestmark = [pytest.mark.device, pytest.mark.slow, pytest.mark.xdist_group("endurance")]

Record = Callable[[str, object], None]


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Iterator[Record]:
    """Keeps figures for people, whether the test passes or not."""
    figures: dict[str, object] = {}
    yield figures.__setitem__
    folder = request.config.rootpath / "test-results"
    folder.mkdir(exist_ok=True)
    name = request.node.name.removeprefix("test_").replace("_", "-")
    (folder / f"endurance-{name}.json").write_text(json.dumps(figures, indent=1))


@pytest.fixture
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """State and temporary files of these tests only."""
    runtime, temporary = tmp_path / "run", tmp_path / "tmp"
    runtime.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    return temporary


@pytest.fixture
def device(own_temporary: Path, clinic_apk: Path) -> Iterator[VirtualDevice]:
    running = start_device(apks=[clinic_apk], owner_pid=os.getpid())
    yield running
    stop_device(running.serial)


def settled(take: Callable[[], Footprint], wanted: Footprint | None) -> Footprint:
    """The footprint once the number of processes is what it was (a spare may be on its way)."""
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        seen = take()
        same = wanted is None or (seen.processes, seen.ports) == (wanted.processes, wanted.ports)
        if same or time.monotonic() > deadline:
            return seen
        time.sleep(0.2)


def test_app_starts(
    device: VirtualDevice,
    adb_server: PrivateServer,
    own_temporary: Path,
    record: Record,
) -> None:
    adb = Adb(adb_server.port, device.serial)
    adb("connect", device.serial)
    adb.text("wait-for-device")
    pids = set()

    def start(count: int) -> None:
        for _ in range(count):
            line = f"am start -S -W -n {PACKAGE}/.SearchActivity && pidof {PACKAGE}"
            said = adb("shell", line, timeout_s=START_LIMIT_S).stdout.decode()
            assert "Status: ok" in said, said
            pids.add(said.split()[-1])
        adb.text("shell", f"am force-stop {PACKAGE}")

    def take() -> Footprint:
        return footprint(device.pid, own_temporary)

    first = take()
    start(FIRST_STARTS)
    before = settled(take, first)
    began = time.monotonic()
    start(APP_STARTS - FIRST_STARTS)
    record("seconds_per_start", (time.monotonic() - began) / (APP_STARTS - FIRST_STARTS))
    after = settled(take, before)
    for name, value in (("first", first), ("before", before), ("after", after)):
        record(name, str(value))
    adb("disconnect", device.serial)
    assert len(pids) == APP_STARTS
    assert after.processes <= before.processes
    assert after.ports <= before.ports
    assert after.descriptors <= before.descriptors
    assert after.threads <= before.threads
    assert after.temporary <= before.temporary
    assert after.resident_bytes <= before.resident_bytes + MEMORY_SLACK_BYTES


def test_device_starts(own_temporary: Path, tmp_path: Path, record: Record) -> None:
    def once() -> float:
        began = time.monotonic()
        device = start_device(owner_pid=os.getpid())
        took_s = time.monotonic() - began
        assert stop_device(device.serial) == [device.serial]
        return took_s

    def take() -> Footprint:
        return footprint(os.getpid(), tmp_path)

    for _ in range(FIRST_DEVICES):
        once()
    before = take()
    times = sorted(once() for _ in range(DEVICE_STARTS - FIRST_DEVICES))
    after = settled(take, before)
    record("median_start_s", times[len(times) // 2])
    record("before", str(before))
    record("after", str(after))
    assert list(own_temporary.iterdir()) == []
    assert after.processes <= before.processes
    assert after.ports <= before.ports
    assert after.descriptors <= before.descriptors
    assert after.threads <= before.threads
    assert after.temporary <= before.temporary
    assert after.resident_bytes <= before.resident_bytes + MEMORY_SLACK_BYTES
