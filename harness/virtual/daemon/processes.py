"""Facts about processes of this machine, read from /proc (proc(5))."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def started_ticks(pid: int) -> int:
    """When a process started, in clock ticks since boot; 0 if it is gone or a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    fields = text.rpartition(")")[2].split()
    return 0 if fields[0] in "ZX" else int(fields[19])


def descendants(pid: int) -> dict[int, int]:
    """All children, theirs, and so on: pid -> started_ticks."""
    found: dict[int, int] = {}
    pending = [pid]
    while pending:
        for child in _children(pending.pop()):
            if child not in found:
                found[child] = started_ticks(child)
                pending.append(child)
    return found


def programs_under(folder: Path) -> dict[int, int]:
    """Processes that run a program from within `folder`: pid -> started_ticks.

    Frida unpacks helpers into the temporary folder; they may go on when it is killed.
    """
    found: dict[int, int] = {}
    prefix = str(folder.resolve()) + os.sep
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(entry / "exe").startswith(prefix):
                found[int(entry.name)] = started_ticks(int(entry.name))
    return found


def end(pid: int, ticks: int, number: signal.Signals = signal.SIGTERM) -> None:
    """Signal a process unless it is gone or another one by now."""
    if ticks and started_ticks(pid) == ticks:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in listing.read_text().split()]
        except OSError:
            continue  # the thread ended meanwhile
    return found
