from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.clock import SystemClock
from harness.device.lease import lease, lock_path, try_lease
from harness.errors import LabError
from tests.device.scripted import FakeClock

_HOLDER = """\
import sys
from pathlib import Path
from harness.device.lease import try_lease
held = try_lease("emulator-5554", 5037, Path(sys.argv[1]))
print(held is not None, flush=True)
sys.stdin.read()
"""


def test_excludes_other_processes_and_ends_with_them(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        with pytest.raises(LabError, match="in use by another run") as caught:
            lease("emulator-5554", 5037, FakeClock(), 1.0, tmp_path)
        assert caught.value.seen == f"held by process {holder.pid}"
        other = try_lease("emulator-5554", 5038, tmp_path)
        assert other is not None
        other.close()
        holder.kill()
        holder.wait()
    lease("emulator-5554", 5037, SystemClock(), 5.0, tmp_path).close()


def test_a_closed_lease_can_be_taken_again(tmp_path: Path) -> None:
    first = lease("127.0.0.1:5555", 5037, FakeClock(), 0, tmp_path)
    assert try_lease("127.0.0.1:5555", 5037, tmp_path) is None
    first.close()
    again = try_lease("127.0.0.1:5555", 5037, tmp_path)
    assert again is not None
    again.close()


def test_serials_are_no_paths(tmp_path: Path) -> None:
    assert lock_path("../../x", 1, tmp_path).parent == tmp_path
