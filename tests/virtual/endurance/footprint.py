"""What a device takes of the machine, read from /proc (proc(5)): to be equal before and after."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass, fields
from pathlib import Path

from harness.virtual.daemon.processes import descendants

_LISTENING = "0A"


@dataclass(frozen=True, slots=True)
class Footprint:
    """Of one process with all its descendants, and of one folder.

    Attributes:
        processes: the descendants.
        descriptors, threads, resident_bytes: of the process itself.
        ports: TCP ports that the family listens on.
        temporary: entries below the folder.
    """

    processes: int
    descriptors: int
    threads: int
    resident_bytes: int
    ports: int
    temporary: int

    def __str__(self) -> str:
        return ", ".join(f"{field.name} {getattr(self, field.name)}" for field in fields(self))


def footprint(pid: int, temporary: Path) -> Footprint:
    """The footprint at this moment."""
    family = [pid, *descendants(pid)]
    status = Path(f"/proc/{pid}/status").read_text()
    return Footprint(
        processes=len(family) - 1,
        descriptors=len(os.listdir(f"/proc/{pid}/fd")),
        threads=_number(status, "Threads"),
        resident_bytes=_number(status, "VmRSS") * 1024,
        ports=len(_listening(family)),
        temporary=sum(1 for _ in temporary.rglob("*")),
    )


def _number(status: str, name: str) -> int:
    match = re.search(rf"^{name}:\s+(\d+)", status, re.M)
    return int(match.group(1)) if match else 0


def _listening(pids: list[int]) -> set[str]:
    """Local addresses that one of the processes listens on."""
    inodes = set()
    for pid in pids:
        with contextlib.suppress(OSError):  # it has ended
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    inodes.add(os.readlink(entry))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == _LISTENING and f"socket:[{words[9]}]" in inodes:
                found.add(words[1])
    return found
