"""Entries of a recording to what is known of them: engine, attribution, sessions.

Input: a task and entries in their order. Output: `FileResult`, filled entry by entry: those that
hold something or could not be read, with who received them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor
from harness.cli.sessions import Sessions
from harness.detection.engine import Engine
from harness.detection.salting import Evidence
from harness.detection.sighting import Scan
from harness.errors import HarnessError
from harness.findings.facts import JOINT
from harness.findings.scan_verdict import ScannedEntry
from harness.traffic.exchange import Exchange, Kind
from harness.traffic.har import Entry, Fault


@dataclass(frozen=True, slots=True)
class Task:
    """What to look for and whose hosts are whose."""

    terms: tuple[str, ...]
    min_prefix: int = 4
    salts: tuple[str, ...] = ()
    first_party: tuple[str, ...] = ()


@dataclass(slots=True)
class FileResult:
    """What one file gave.

    Attributes:
        error: why it could not be read to its end.
        evidence: what was learned of salts.
    """

    path: Path
    entries: list[ScannedEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    error: HarnessError | None = None
    sessions: Sessions = field(default_factory=Sessions)
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def salts(self) -> tuple[str, ...]:
        """Identifiers that explained a digest."""
        return self.evidence.used


_Connection = tuple[str, int, str, int, str]
"""File, entry, host, port and URL: what all writes of one connection have in common."""


class Scanner:
    """Engine and attribution for one task."""

    def __init__(self, task: Task) -> None:
        self.engine = Engine(
            task.terms, min_prefix=task.min_prefix, salts=task.salts, note_salts=False
        )
        self._attributor = Attributor(Catalogue.load(), task.first_party)
        self._stream: tuple[_Connection, Scan] | None = None

    def scan(self, entries: Iterable[Entry], result: FileResult, shift: int = 0) -> None:
        """Scan entries into `result`; indexes are raised by `shift`.

        Each call is a recording, or a slice of one that is numbered by itself: no write in it
        belongs to a connection of the call before.
        """
        self._stream = None
        try:
            for entry in entries:
                self._scan(entry, result, shift)
        finally:  # a file may break off; what it taught until then counts
            result.evidence = result.evidence.with_(self.engine.evidence())

    def _scan(self, entry: Entry, result: FileResult, shift: int) -> None:
        result.count = max(result.count, entry.index + shift + 1)
        if isinstance(entry, Fault):
            result.faults.append(Fault(entry.index + shift, entry.reason, entry.source))
            return
        told = result.sessions.wanted(entry.host)
        scan = self._beyond_the_whole(entry, self.engine.scan(entry, beside=told))
        if scan.identifiers:
            result.sessions.add(entry.host, entry.index + shift, scan.identifiers)
        if scan.sightings or scan.unread:
            recipient = self._attributor.recipient(entry)
            vendors = self._attributor.proxied(entry, recipient) if scan.sightings else ()
            result.entries.append(
                ScannedEntry(
                    file=str(result.path),
                    index=entry.index + shift,
                    encrypted=entry.encrypted,
                    scan=scan,
                    recipient=recipient,
                    proxied=JOINT.join(vendor.sdk_id for vendor in vendors),
                )
            )

    def _beyond_the_whole(self, entry: Exchange, scan: Scan) -> Scan:
        """Of a single write of a raw connection, what the whole connection did not tell."""
        if entry.kind is not Kind.STREAM:
            return scan
        key = (entry.source, entry.index, entry.host, entry.port, entry.request.url)
        if self._stream is None or self._stream[0] != key:
            self._stream = key, scan
            return scan
        whole = self._stream[1]
        told = [(one.term, one.prefix) for one in whole.sightings if not one.in_response]
        unread = {one.part for one in whole.unread}
        return Scan(
            tuple(
                one
                for one in scan.sightings
                if not any(
                    term == one.term and (not prefix or prefix >= one.prefix > 0)
                    for term, prefix in told
                )
            ),
            scan.identifiers,
            tuple(one for one in scan.unread if one.part not in unread),
        )
