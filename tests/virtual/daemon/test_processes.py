"""Facts about processes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from harness.virtual.daemon.processes import descendants, end, programs_under, started_ticks


def test_when_a_process_started() -> None:
    assert started_ticks(os.getpid()) > 0
    child = subprocess.Popen(["true"])
    child.wait()
    assert started_ticks(child.pid) == 0


def test_children_and_theirs() -> None:
    child = subprocess.Popen(["sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE)
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())
    found = descendants(os.getpid())
    assert {child.pid, grandchild} <= set(found)
    end(grandchild, found[grandchild])
    child.communicate(timeout=10)
    end(grandchild, found[grandchild])


def test_another_process_with_that_pid_is_left_alone() -> None:
    child = subprocess.Popen(["sleep", "60"])
    end(child.pid, started_ticks(child.pid) + 1)
    end(child.pid, 0)
    assert child.poll() is None
    end(child.pid, started_ticks(child.pid))
    assert child.wait(10) == -15


def test_programs_of_a_folder(tmp_path: Path) -> None:
    program = tmp_path / "helper"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    child = subprocess.Popen([program, "60"])
    assert set(programs_under(tmp_path)) == {child.pid}
    child.kill()
    child.wait()
    assert programs_under(tmp_path) == {}
