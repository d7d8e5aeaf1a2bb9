"""The launcher by itself: descriptors, and a process that runs without a guard."""

from __future__ import annotations

import os
import subprocess
import sys

from harness.virtual.host.jvm import NO_GUARD, launched

CHILD = "import os; os.write(3, b'control'); os.write(1, b'noise')"


def test_descriptors() -> None:
    argv = launched([sys.executable, "-c", CHILD], os.getpid(), NO_GUARD)
    done = subprocess.run(argv, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"control", b"noise")


def test_another_parent_is_refused() -> None:
    done = subprocess.run(launched(["/bin/true"], 1, NO_GUARD), capture_output=True, check=False)
    assert done.returncode == 1
