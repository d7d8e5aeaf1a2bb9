"""One device, one run: an exclusive lease held by a file lock.

Input: a serial and the port of its adb server. Output: a lease to close. The kernel frees it when
the process ends, however it ends, so there are no stale locks; it excludes other pytest runs and
workers alike (flock(2)). The file stays: removing it would let two runs hold two files of one name.
"""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from typing import IO

from harness.clock import Clock, wait_until
from harness.device.server import runtime_dir
from harness.errors import LabError


class Lease:
    """Holds a device until `close`."""

    def __init__(self, held: IO[str], serial: str) -> None:
        self._held = held
        self.serial = serial

    def close(self) -> None:
        self._held.close()


def lock_path(serial: str, adb_port: int, folder: Path | None = None) -> Path:
    """The lock file of a device; serials are spelled so that a file name can hold them."""
    safe = re.sub(r"[^\w.-]", "_", serial)
    return (folder or runtime_dir()) / f"lease-{adb_port}-{safe}"


def try_lease(serial: str, adb_port: int, folder: Path | None = None) -> Lease | None:
    """The lease, or None when somebody else holds it."""
    held = lock_path(serial, adb_port, folder).open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        return None
    held.seek(0)
    held.truncate()
    held.write(f"{os.getpid()}\n")
    held.flush()
    return Lease(held, serial)


def lease(
    serial: str, adb_port: int, clock: Clock, timeout_s: float = 0.0, folder: Path | None = None
) -> Lease:
    """Take the device, waiting up to `timeout_s` for whoever has it.

    Raises:
        LabError: it stayed taken; names the process that holds it.
    """
    taken: list[Lease] = []

    def attempt() -> bool:
        got = try_lease(serial, adb_port, folder)
        taken.extend([got] if got else [])
        return got is not None

    if wait_until(clock, attempt, timeout_s, poll_s=0.2):
        return taken[0]
    holder = lock_path(serial, adb_port, folder).read_text().strip()
    raise LabError(
        "the device is in use by another run",
        where=serial,
        seen=f"held by process {holder or 'unknown'}",
        action="wait for it, end it, or name another device with --leak-device",
    )
