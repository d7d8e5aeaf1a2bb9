"""Whether this machine can hold app processes below Java, told before any is started.

Output: a reason why not, or nothing. Where it cannot (a kernel before 5.0, a container whose own
filter forbids filters, another processor), Java code is contained all the same; programs that an
app starts, native code and reflection into the JDK are not, and nothing of theirs is recorded.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harness.virtual.host.guard.program import filter_program

REMEDY = (
    "use Linux 5.0 or newer on x86-64; in a container allow seccomp(2), "
    "for example docker run --security-opt seccomp=unconfined"
)
_TIMEOUT_S = 20.0
_LAUNCHER = Path(__file__).parents[1] / "launcher.py"


def uncontained() -> str:
    """Why not, as the kernel says it; empty when apps are held."""
    probe = [sys.executable, "-I", "-S", str(_LAUNCHER), "probe", filter_program().hex()]
    try:
        done = subprocess.run(
            probe, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode:
        return done.stderr.strip() or f"exit code {done.returncode}"
    return done.stdout.strip()


def warning(reason: str) -> str:
    """A sentence for people who start a device on such a machine."""
    return (
        f"programs and native code of apps are not contained on this machine ({reason}): "
        "what they send may leave it and is not recorded"
    )
