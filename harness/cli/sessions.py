"""Identifiers that a recipient gets over a whole recording, for the entries that carry a term.

Input: identifiers by host and entry. Output: for an entry, those that other entries took to the
same registrable domain. Not every entry is looked at for them, since apps repeat their identifiers:
`wanted` says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import replace

from harness.attribution.parties import registrable_domain
from harness.detection.sighting import Identifier
from harness.findings.scan_verdict import Elsewhere, ScannedEntry

FIRST = 24
"""Entries of a host that are all looked at."""
THEN_EACH = 32
MAX_KEPT = 40
"""Values that are kept for a domain."""


class _All:
    """Contains every value."""

    def __contains__(self, value: object) -> bool:
        return True


_ALL = _All()


class Sessions:
    """What each domain got in one file, by the first entry with each value."""

    def __init__(self) -> None:
        self._entries: Counter[str] = Counter()
        self._known: dict[str, dict[str, Elsewhere]] = {}

    def wanted(self, host: str) -> Container[str] | None:
        """Whether the next entry of this host is one to look at: values not to be told again."""
        self._entries[host] += 1
        count = self._entries[host]
        if count > FIRST and count % THEN_EACH:
            return None
        known = self._known.get(registrable_domain(host), {})
        return known if len(known) < MAX_KEPT else _ALL

    def add(self, host: str, index: int, identifiers: Iterable[Identifier]) -> None:
        """What an entry held."""
        known = self._known.setdefault(registrable_domain(host), {})
        for identifier in identifiers:
            if identifier.value in known or len(known) < MAX_KEPT:
                known.setdefault(identifier.value, Elsewhere(index, identifier))

    def append(self, later: Sessions, shift: int) -> None:
        """What a later part of the file held, its entries numbered from 0."""
        for domain, values in later._known.items():
            for each in values.values():
                self.add(domain, each.index + shift, [each.identifier])

    def attached(self, entries: Iterable[ScannedEntry]) -> list[ScannedEntry]:
        """The entries; those with a sighting know what their recipient got elsewhere."""
        return [self._with(entry) if entry.scan.sightings else entry for entry in entries]

    def _with(self, entry: ScannedEntry) -> ScannedEntry:
        own = {identifier.value for identifier in entry.scan.identifiers}
        known = self._known.get(entry.recipient.domain, {})
        others = (
            each for value, each in known.items() if value not in own and each.index != entry.index
        )
        return replace(entry, session=tuple(others))
