"""State files: who runs, and tidying up behind those that were killed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.virtual.daemon import states
from harness.virtual.daemon.configuration import DeviceState
from harness.virtual.daemon.processes import started_ticks


def state(port: int, pid: int, work_dir: Path, *, ticks: int | None = None) -> DeviceState:
    return DeviceState(
        serial=f"127.0.0.1:{port}",
        port=port,
        pid=pid,
        started_ticks=started_ticks(pid) if ticks is None else ticks,
        internet_pid=0,
        record="r",
        log="l",
        work_dir=str(work_dir),
        temporary=True,
    )


def test_the_folder_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = states.state_dir()
    assert folder == tmp_path / f"leak-harness-{os.getuid()}" / "devices"
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "file"))
    with pytest.raises(LabError, match="no place"):
        states.state_dir()


def test_running_devices_by_port(tmp_path: Path) -> None:
    for port in (9, 5):
        states.write_state(tmp_path, state(port, os.getpid(), tmp_path))
    assert [found.port for found in states.running(tmp_path)] == [5, 9]
    assert (tmp_path / "5.json").stat().st_mode & 0o777 == 0o600


def test_those_of_the_dead_are_tidied_up(tmp_path: Path) -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    work_dir = tmp_path / f"{states.TEMPORARY_PREFIX}x"
    work_dir.mkdir()
    states.write_state(tmp_path, state(5, child.pid, work_dir, ticks=1))
    elsewhere = tmp_path / "kept"
    elsewhere.mkdir()
    reused = state(6, os.getpid(), elsewhere, ticks=started_ticks(os.getpid()) + 1)
    states.write_state(tmp_path, reused)
    assert states.running(tmp_path) == []
    assert list(tmp_path.glob("*.json")) == []
    assert not work_dir.exists()
    assert elsewhere.exists()


def test_a_broken_state_file_is_no_device(tmp_path: Path) -> None:
    (tmp_path / "5.json").write_text("{")
    (tmp_path / "6.json").write_text('{"port": 6}')
    assert states.running(tmp_path) == []
