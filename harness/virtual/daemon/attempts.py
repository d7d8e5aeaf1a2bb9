"""Refused attempts of apps to reach somebody past the proxy, as lines of the witness record.

They are blind spots: on a phone something would have been sent there. Input: events of app
processes. Output: one `attempt` line each; one that a loop repeats is told once a second.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from harness.virtual.host import Attempt
from harness.virtual.internet.record import Recorder, Where

REPEAT_S = 1.0
LOOKUP = "lookup"
"""Answered here and not refused; the connection that follows goes through the proxy."""

_TARGET = re.compile(r"((?P<name>[^/\s]*)/)?\[?(?P<address>[^/\s\]]*?)\]?(:(?P<port>\d+))?")
"""`name/address:port` as `InetSocketAddress.toString` has it, any part of which may be missing."""


class AttemptRecord:
    """Appends to the record of a running virtual internet.

    Args:
        path: the record, which the proxy writes too; both append whole lines.
        now: Unix seconds.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._recorder = Recorder(path)
        self._now = now
        self._told: dict[tuple[str, str, str], float] = {}
        self._told_uncontained = False

    def add(self, package: str, attempt: Attempt) -> None:
        key, now = (package, attempt.kind, attempt.target), self._now()
        if now - self._told.get(key, 0.0) < REPEAT_S:
            return
        self._told[key] = now
        self._recorder.write(
            LOOKUP if attempt.kind == LOOKUP else "attempt",
            now,
            id="",
            where=peer(attempt),
            package=package,
            kind=attempt.kind,
            error=_sentence(package, attempt),
            trace=attempt.trace.splitlines(),
        )

    def uncontained(self, sentence: str) -> None:
        """Apps of this device may reach somebody unseen; told once."""
        if not self._told_uncontained:
            self._told_uncontained = True
            self._recorder.write("uncontained", self._now(), error=sentence)

    def close(self) -> None:
        self._recorder.close()


def _sentence(package: str, attempt: Attempt) -> str:
    outcome = "was answered" if attempt.kind == LOOKUP else "was refused"
    return " ".join(filter(None, (f"{package}:", attempt.kind, attempt.target, outcome)))


def peer(attempt: Attempt) -> Where:
    """Whom it was to reach; the host is empty where that is not known."""
    match = _TARGET.fullmatch(attempt.target) if attempt.kind != "exec" else None
    if match is None:
        return Where("", 0, False, None, "")
    host = match["name"] or match["address"] or ""
    return Where(host.lower(), int(match["port"] or 0), False, None, "")
