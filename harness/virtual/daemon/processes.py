"""Facts about processes of this machine, read from /proc (proc(5))."""

from __future__ import annotations

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


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in listing.read_text().split()]
        except OSError:
            continue  # the thread ended meanwhile
    return found
