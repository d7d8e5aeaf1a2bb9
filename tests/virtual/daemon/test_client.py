"""What goes wrong before a device boots, and a device that boots: from start to nothing left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import LabError, ScenarioError
from harness.virtual.daemon import client, list_devices, start_device, stop_device
from harness.virtual.daemon.configuration import DeviceState
from harness.virtual.daemon.processes import descendants, programs_under, started_ticks
from harness.virtual.daemon.states import state_dir, write_state


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """State and temporary files of these tests only; nothing may be left in either."""
    runtime, temporary = tmp_path / "run", tmp_path / "tmp"
    runtime.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    yield temporary
    assert list(temporary.iterdir()) == []
    assert list(runtime.glob("*/devices/*.json")) == []


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LabError) as caught:
            start_device(port=port)
    assert f"the port {port} cannot be opened" in str(caught.value)
    assert "Address already in use" in str(caught.value)
    assert "--port" in str(caught.value)


def test_an_answer_file_that_is_wrong(tmp_path: Path) -> None:
    answers = tmp_path / "internet"
    answers.mkdir()
    (answers / "api.example.yaml").write_text("- {nosuch: 1}")
    with pytest.raises(ScenarioError, match="nosuch"):
        start_device(internet=[answers])


def test_an_apk_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="no such APK"):
        start_device(apks=[tmp_path / "none.apk"])


def test_ports_that_are_none() -> None:
    with pytest.raises(LabError, match="not a port"):
        start_device(port=70_000)


def test_stopping_what_does_not_run() -> None:
    with pytest.raises(LabError, match=r"no virtual device 127\.0\.0\.1:9 is running"):
        stop_device("127.0.0.1:9")
    assert stop_device() == []
    assert list_devices() == []


def test_a_boot_that_takes_too_long() -> None:
    with pytest.raises(LabError, match="did not boot within"):
        start_device(timeout_s=0.2)
    wait_for_no_daemons()


def test_a_daemon_that_breaks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEAK_HARNESS_CACHE", "/dev/null/nowhere")
    with pytest.raises((LabError, client.BugError)):
        start_device()
    wait_for_no_daemons()


def wait_for_no_daemons() -> None:
    deadline = time.monotonic() + 30
    while daemons():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def daemons() -> list[int]:
    """Daemons of these tests, known by their runtime folder."""
    runtime = os.environ["XDG_RUNTIME_DIR"].encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if b"harness.virtual.daemon" in line and runtime in line:
            found.append(int(entry.name))
    return found


@pytest.fixture
def owner() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits for a line."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    if process.poll() is None:
        process.communicate(b"\n", timeout=10)


@pytest.mark.device
@pytest.mark.parametrize("how", ["stop", "SIGTERM", "SIGINT", "SIGKILL", "owner"])
def test_nothing_is_left_however_a_device_ends(
    how: str, own_places: Path, owner: subprocess.Popen[bytes]
) -> None:
    said: list[str] = []
    device = start_device(owner_pid=owner.pid, progress=said.append)
    assert said
    assert [found.serial for found in list_devices()] == [device.serial]
    family = {device.pid: started_ticks(device.pid), **descendants(device.pid)}
    assert len(family) >= 3
    assert programs_under(device.work_dir) == {}
    if how == "stop":
        assert stop_device(device.serial) == [device.serial]
        assert alive(family) == []
    elif how == "owner":
        owner.communicate(b"\n", timeout=10)
    else:
        os.kill(device.pid, getattr(signal, how))
    deadline = time.monotonic() + 30
    while alive(family):
        assert time.monotonic() < deadline, alive(family)
        time.sleep(0.05)
    assert list_devices() == []


def alive(family: dict[int, int]) -> list[int]:
    return [pid for pid, ticks in family.items() if started_ticks(pid) == ticks]


@pytest.mark.parametrize("locale", ["", "german", "de_DE", "de-de", "x"])
def test_a_locale_that_is_none(locale: str) -> None:
    with pytest.raises(ScenarioError, match="not a locale"):
        start_device(locale=locale)


def test_devices_of_runs_are_stopped_only_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    stopped: list[int] = []
    monkeypatch.setattr(client, "_stop", lambda state: stopped.append(state.port))
    pid = os.getpid()
    for port, owner in ((1, 0), (2, pid)):
        state = DeviceState(
            f"127.0.0.1:{port}", port, pid, started_ticks(pid), 0, "r", "l", "w", False, owner
        )
        write_state(state_dir(), state)
    assert [device.owner_pid for device in list_devices()] == [0, pid]
    assert stop_device() == ["127.0.0.1:1"]
    assert stop_device("127.0.0.1:2") == ["127.0.0.1:2"]
    assert stop_device(owned=True) == ["127.0.0.1:1", "127.0.0.1:2"]
    assert stopped == [1, 2, 1, 2]
