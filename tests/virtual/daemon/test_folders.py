"""One folder, one device."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.virtual.daemon import start_device
from harness.virtual.daemon.folders import environment, lock_folder, work_folder


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))


def test_a_second_device_is_refused(tmp_path: Path) -> None:
    folder = work_folder(tmp_path / "work")
    held = lock_folder(folder)
    mark = folder / "tmp" / "of-the-first"
    mark.parent.mkdir()
    mark.touch()
    with pytest.raises(LabError, match="another virtual device uses this folder") as caught:
        start_device(work_dir=folder)
    assert str(folder) in str(caught.value)
    assert mark.exists()
    os.close(held)
    os.close(lock_folder(folder))


def test_the_folder_stays_taken_while_the_daemon_lives(tmp_path: Path) -> None:
    """The daemon has the descriptor from its starter, which closes its own."""
    folder = work_folder(tmp_path / "work")
    held = lock_folder(folder)
    daemon = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[held]
    )
    os.close(held)
    with pytest.raises(LabError):
        lock_folder(folder)
    daemon.communicate(b"\n", timeout=10)
    os.close(lock_folder(folder))


def test_temporary_files_go_with_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "of-a-device-that-was-killed").touch()
    variables = environment(tmp_path)
    assert variables["TMPDIR"] == str(tmp_path / "tmp")
    assert list((tmp_path / "tmp").iterdir()) == []
