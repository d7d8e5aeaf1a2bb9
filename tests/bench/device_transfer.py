"""How fast files move: `adb push` and `adb pull` of a large file, with the real adb program.

The file is random, so that no compression helps; what comes back is compared with what went.
"""

from __future__ import annotations

import filecmp
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from harness.device.adb import binary
from tests.bench.device_rig import Rig, clinic_device, timed
from tests.bench.figures import Figure, at_least, result

SIZE_MB = 150
RUNS = 5
TARGET = "/data/local/tmp/bench.bin"


def run() -> dict[str, Any]:
    """See the module's docstring."""
    with clinic_device() as rig, tempfile.TemporaryDirectory(prefix="leak-bench-") as folder:
        sent, back = Path(folder, "sent.bin"), Path(folder, "back.bin")
        with sent.open("wb") as file:
            for _ in range(SIZE_MB):
                file.write(os.urandom(1_000_000))
        pushes, pulls = [], []
        for _ in range(RUNS):
            pushes.append(SIZE_MB / timed(lambda: _adb(rig, "push", str(sent), TARGET)))
            pulls.append(SIZE_MB / timed(lambda: _adb(rig, "pull", TARGET, str(back))))
            if not filecmp.cmp(sent, back, shallow=False):
                raise RuntimeError("what was pulled is not what was pushed")
            back.unlink()
            rig.device.shell(["rm", TARGET])
    return result(
        [
            Figure(f"adb push, {SIZE_MB} MB", "MB/s", tuple(pushes), at_least(100)),
            Figure(f"adb pull, {SIZE_MB} MB", "MB/s", tuple(pulls), at_least(100)),
        ],
        adb=_adb(rig, "version", device=False).splitlines()[1],
    )


def _adb(rig: Rig, *arguments: str, device: bool = True) -> str:
    """Output of the adb program, against the private server."""
    where = ["-P", str(rig.provided.adb_port), "-s", rig.device.serial] if device else []
    done = subprocess.run(
        [str(binary()), *where, *arguments], check=True, capture_output=True, text=True, timeout=120
    )
    return done.stdout
