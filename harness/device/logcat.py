"""Log lines, and what they tell about the end of an app. Pure.

Input: the text of `logcat -d -v epoch`. Output: lines, the text of a crash. Three ways of ending
are known: an uncaught Java exception (`AndroidRuntime`, `FATAL EXCEPTION`, `Process: PKG, PID`), a
native crash (`DEBUG`, `>>> PKG <<<`) and an application that does not respond (`ActivityManager`,
`ANR in PKG`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

COMMAND = ("logcat", "-d", "-v", "epoch", "-b", "main,system,crash")
"""Prints all that is kept, stamped with the device's Unix time."""

_LINE = re.compile(r"^\s*(\d+\.\d+)\s+(\d+)\s+(\d+)\s+([VDIWEFS])\s+(.*?)\s*: ?(.*)$")
_PROCESS = re.compile(r"Process: (\S+?), PID")

MAX_CRASH_LINES = 60


@dataclass(frozen=True, slots=True)
class LogLine:
    """`time_s` is the device's Unix time; `priority` is one of V D I W E F."""

    time_s: float
    pid: int
    tid: int
    priority: str
    tag: str
    message: str


def parse(text: str) -> list[LogLine]:
    """All log lines; separators (`--------- beginning of main`) and foreign lines are left out."""
    lines = []
    for match in map(_LINE.match, text.splitlines()):
        if match:
            time_s, pid, tid, priority, tag, message = match.groups()
            lines.append(LogLine(float(time_s), int(pid), int(tid), priority, tag, message))
    return lines


def crash(lines: Sequence[LogLine], package: str, since_s: float) -> str | None:
    """The first crash of `package` at or after `since_s` (device time), as it was logged."""
    recent = [line for line in lines if line.time_s >= since_s]
    for find in (_java, _native, _not_responding):
        found = find(recent, package)
        if found:
            return found
    return None


def _is(process: str, package: str) -> bool:
    """Whether `process` is the package's main process or one of its `android:process` ones."""
    return process == package or process.startswith(package + ":")


def _java(lines: Sequence[LogLine], package: str) -> str | None:
    for at, line in enumerate(lines):
        if line.tag != "AndroidRuntime" or "FATAL EXCEPTION" not in line.message:
            continue
        block = [
            later.message
            for later in lines[at:]
            if later.tag == "AndroidRuntime" and (later.pid, later.tid) == (line.pid, line.tid)
        ]
        process = next((m.group(1) for m in map(_PROCESS.match, block[:4]) if m), "")
        if _is(process, package):
            return "\n".join(block[:MAX_CRASH_LINES])
    return None


def _native(lines: Sequence[LogLine], package: str) -> str | None:
    for at, line in enumerate(lines):
        match = re.search(r">>> (\S+) <<<", line.message)
        if line.tag == "DEBUG" and match and _is(match.group(1), package):
            block = [later.message for later in lines[at:] if later.tag == "DEBUG"]
            return "native crash\n" + "\n".join(block[:MAX_CRASH_LINES])
    return None


def _not_responding(lines: Sequence[LogLine], package: str) -> str | None:
    for line in lines:
        match = re.search(r"ANR in (\S+)", line.message)
        if match and _is(match.group(1), package):
            return f"application not responding: {line.message}"
    return None
