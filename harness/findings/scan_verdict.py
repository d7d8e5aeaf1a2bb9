"""The verdict on recorded traffic: the rows of the verdict table that need no device.

Input: what was found per exchange, with its recipient. Output: `ScanJudgement`. A recording has no
typing time and no scenario, so every host outside the caller's first party counts as not allowed,
and what was sent counts whenever it was sent. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from harness.attribution.recipient import Party, Recipient
from harness.detection.sighting import Identifier, Scan, Sighting, Unread
from harness.findings.finding import FindingKind, Verdict

CLEAN = "nothing found in what was read"
EMPTY = "there are no requests in the recording, so nothing was looked at"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An identifier that the same recipient got in another entry of the recording."""

    index: int
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class ScannedEntry:
    """One entry of a recording.

    Attributes:
        index: position in its file; `file` names it.
        encrypted: it travelled under TLS.
        proxied: the vendors whose signatures a host carries that is not their own, joined by
            `JOINT`.
        session: identifiers that the recipient's domain got in other entries of the file, when
            there is a sighting in this one.
    """

    file: str
    index: int
    encrypted: bool
    scan: Scan
    recipient: Recipient
    proxied: str = ""
    session: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One sighting that counts; `finding` says why it is a finding, None for a note."""

    entry: ScannedEntry
    sighting: Sighting
    finding: FindingKind | None


@dataclass(frozen=True, slots=True)
class Blind:
    """Something unread; `decisive` when it forbids a pass."""

    entry: ScannedEntry
    unread: Unread
    decisive: bool


@dataclass(frozen=True, slots=True)
class ScanJudgement:
    """The answer, with the sentences that lead to it.

    Attributes:
        unseen: terms that nobody got, not the first party either.
    """

    verdict: Verdict
    sightings: tuple[Judged, ...]
    blind: tuple[Blind, ...]
    reasons: tuple[str, ...]
    unseen: tuple[str, ...] = ()


def judge_scan(
    entries: Sequence[ScannedEntry],
    *,
    terms: Sequence[str],
    controls: Sequence[str] = (),
    faults: int = 0,
    count: int | None = None,
) -> ScanJudgement:
    """Decide on recorded traffic.

    Args:
        entries: those in which something was found or something could not be read.
        controls: hosts that must have received every term.
        faults: number of entries that were no requests, or damaged.
        count: number of all entries; None when it does not matter.
    """
    prefixes = counting_prefixes(entries)
    judged = tuple(
        Judged(entry, sighting, _finding(entry, sighting))
        for entry in entries
        for sighting in entry.scan.sightings
        if not sighting.prefix or _prefix_key(entry, sighting) in prefixes
    )
    blind = tuple(
        Blind(entry, unread, entry.recipient.party is not Party.FIRST and not unread.in_response)
        for entry in entries
        for unread in entry.scan.unread
    )
    reasons = [_sentence(item) for item in judged if item.finding is not None]
    doubts = [
        f"{item.entry.recipient.host} (entry {item.entry.index}): {item.unread.reason}"
        for item in blind
        if item.decisive
    ]
    doubts += _missed_controls(judged, terms, controls)
    if count == 0:
        doubts.append(EMPTY)
    if faults:
        doubts.append(f"{faults} entries are damaged or no requests")
    verdict = Verdict.LEAK if reasons else Verdict.INCONCLUSIVE if doubts else Verdict.PASS
    seen = {item.sighting.term for item in judged if not item.sighting.prefix}
    unseen = tuple(term for term in terms if term not in seen)
    return ScanJudgement(verdict, judged, blind, tuple(dict.fromkeys((*reasons, *doubts))), unseen)


def _finding(entry: ScannedEntry, sighting: Sighting) -> FindingKind | None:
    """The row of the table that makes a sighting a finding."""
    if sighting.in_response:
        return None
    if entry.recipient.party is not Party.FIRST:
        return FindingKind.RECIPIENT
    if entry.proxied:
        return FindingKind.PROXIED
    return None if entry.encrypted else FindingKind.CLEARTEXT


def _sentence(item: Judged) -> str:
    host, term = item.entry.recipient.host, item.sighting.term
    if item.finding is FindingKind.PROXIED:
        return f"{host} got {term!r} on behalf of {item.entry.proxied}"
    if item.finding is FindingKind.CLEARTEXT:
        return f"{host} got {term!r} without encryption"
    return f"{host} got {term!r}"


PrefixKey = tuple[str, str, int]


def _prefix_key(entry: ScannedEntry, sighting: Sighting) -> PrefixKey:
    return entry.recipient.domain, sighting.term, sighting.prefix


def counting_prefixes(entries: Sequence[ScannedEntry]) -> frozenset[PrefixKey]:
    """Prefixes that count as a sending: two growing ones to one recipient, or all but one."""
    lengths: dict[tuple[str, str], set[int]] = {}
    for entry in entries:
        for sighting in entry.scan.sightings:
            if sighting.prefix and not sighting.in_response:
                key = (entry.recipient.domain, sighting.term)
                lengths.setdefault(key, set()).add(sighting.prefix)
    return frozenset(
        (domain, term, length)
        for (domain, term), seen in lengths.items()
        for length in seen
        if len(seen) > 1 or length >= len(regex.findall(r"\X", term)) - 1
    )


def _missed_controls(
    judged: Sequence[Judged], terms: Sequence[str], controls: Sequence[str]
) -> list[str]:
    """A sentence per control host and term that did not arrive there whole."""
    arrived = {
        (item.entry.recipient.host, item.sighting.term)
        for item in judged
        if not item.sighting.in_response and not item.sighting.prefix
    }
    return [
        f"the control host {control} did not get {term!r}"
        for control in controls
        for term in terms
        if not any(_covers(control, host) and term == found for host, found in arrived)
    ]


def _covers(domain: str, host: str) -> bool:
    domain = domain.lower().strip(".")
    return host == domain or host.endswith("." + domain)
