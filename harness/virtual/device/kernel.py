"""What the device's kernel says of itself under /proc and /sys.

Processor times and memory are those of the machine below, as in a container; a system that has no
/proc gives empty files.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from harness.virtual.device.filesystem import FileSystem

VERSION = b"Linux version 6.1.0-virtual (leak-harness) #1 SMP PREEMPT\n"
SOCKETS = b"Num       RefCount Protocol Flags    Type St Inode Path\n"
"""The head of the list of local sockets; who owns one adds its line."""

_OF_THE_MACHINE = ("cpuinfo", "loadavg", "meminfo", "stat", "uptime")


def generate(files: FileSystem) -> None:
    """Make the files."""
    files.generate("/proc/version", lambda: VERSION)
    files.generate("/proc/net/unix", lambda: SOCKETS)
    for name in _OF_THE_MACHINE:
        files.generate(f"/proc/{name}", partial(_machine, name))
    for number in range(os.cpu_count() or 1):
        files.generate(f"/sys/devices/system/cpu/cpu{number}/online", lambda: b"1\n")


def _machine(name: str) -> bytes:
    path = Path("/proc") / name
    return path.read_bytes() if path.is_file() else b""
