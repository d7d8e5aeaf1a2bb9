"""Sorts what was found in an item's exchanges by the situation that each sighting is in.

Input: `ItemFacts`. Output: `Sorted`: the sightings of the item's own term with their situations.
Pure and independent of the order in which exchanges arrive. It decides no verdict;
`harness.findings.verdict` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import regex

from harness.detection.sighting import Sighting
from harness.findings.acceptance import Acceptance, Sending, covering, expired
from harness.findings.carriers import (
    allowing,
    field_key,
    in_cleartext,
    is_handed,
    on_input_path,
    open_ended,
    proxies_unasked,
    recipient_key,
    sends_for_its_sdk,
)
from harness.findings.expectations import Allow
from harness.findings.facts import ItemFacts, ScannedExchange
from harness.findings.finding import Finding, FindingKind, Stage
from harness.findings.forms import data_of, encoding_of
from harness.traffic.exchange import Exchange, Layer

CLOCK_SLACK_S = 1.0
"""An exchange this much before typing still counts as after it: times come from two processes."""


class Situation(StrEnum):
    """What a sighting amounts to."""

    SENT = "sent"
    HANDED = "handed"
    CLEARTEXT = "cleartext"
    PROXIED = "proxied"
    ALLOWED = "allowed"
    RECEIVED = "received"
    BEFORE_INPUT = "before-input"
    INDISTINCT = "indistinct"
    PREFIX = "prefix"
    FORWARDED = "forwarded"
    INPUT_PATH = "input-path"


@dataclass(frozen=True, slots=True)
class Sorting:
    """One sighting in its situation.

    Attributes:
        allowed_by: the entry of `allow` that covers its recipient.
        accepted_by: the baseline's acceptance that makes a finding an allowed one.
    """

    situation: Situation
    scanned: ScannedExchange
    sighting: Sighting
    allowed_by: Allow | None = None
    accepted_by: Acceptance | None = None

    @property
    def order(self) -> tuple[float, str, str, str, tuple[int, int], str, str, str]:
        exchange, sighting = self.scanned.exchange, self.sighting
        place = (sighting.part, sighting.range, sighting.location, sighting.variant)
        return (exchange.started_s, exchange.id, exchange.host, *place, self.situation.value)


@dataclass(frozen=True, slots=True)
class Sorted:
    """All sightings of one item, sorted."""

    facts: ItemFacts
    rows: tuple[Sorting, ...]

    def of(self, *situations: Situation) -> tuple[Sorting, ...]:
        return tuple(row for row in self.rows if row.situation in situations)


Carried = tuple[ScannedExchange, Sighting]
Prefix = tuple[str, int]
"""A recipient's key and how many grapheme clusters of the term it got."""


@dataclass(frozen=True, slots=True)
class _Item:
    """What sorting one sighting needs to know about all of them.

    Attributes:
        prefixes: those that count as a sending.
        senders: when each SDK was seen to send the term.
        early_fields: recipient and field of every sighting that typing cannot have caused.
    """

    facts: ItemFacts
    prefixes: frozenset[Prefix]
    senders: frozenset[tuple[str, float]]
    early_fields: frozenset[tuple[str, str]]


def sort_sightings(facts: ItemFacts) -> Sorted:
    """Give each sighting of `facts.term` its situation; cleartext and proxied may both hold."""
    own = [
        (scanned, sighting)
        for scanned in facts.judged
        for sighting in scanned.scan.sightings
        if sighting.term == facts.term
    ]
    prefixes = _counting_prefixes(facts, own)
    early = (row for row in own if not after_typing(facts, row[0].exchange))
    item = _Item(
        facts,
        prefixes,
        frozenset(_senders(facts, own, prefixes)),
        frozenset(field_key(scanned, sighting) for scanned, sighting in early),
    )
    rows = (row for scanned, sighting in own for row in _sort(item, scanned, sighting))
    return Sorted(facts, tuple(sorted(rows, key=lambda row: row.order)))


def after_typing(facts: ItemFacts, exchange: Exchange) -> bool:
    """Whether what the exchange carries can come from typing."""
    if facts.typed_s is None:
        return False
    return open_ended(exchange) or exchange.started_s >= facts.typed_s - CLOCK_SLACK_S


def finding_of(facts: ItemFacts, row: Sorting) -> Finding:
    """The sorted sighting as the value that reports carry."""
    exchange = row.scanned.exchange
    allowed = row.situation is Situation.ALLOWED
    return Finding(
        kind=_FINDING_KINDS.get(row.situation, FindingKind.RECIPIENT),
        sighting=row.sighting,
        recipient=row.scanned.recipient,
        stage=Stage.HANDED if is_handed(exchange) else Stage.SENT,
        seen_by=exchange.seen_by,
        stack=exchange.stack.all_frames,
        identifiers=row.scanned.scan.identifiers,
        exchange=exchange.id,
        allowed_by=str(row.accepted_by or row.allowed_by) if allowed else "",
        late=exchange.started_s > facts.ended_s,
    )


_FINDING_KINDS = {
    Situation.CLEARTEXT: FindingKind.CLEARTEXT,
    Situation.PROXIED: FindingKind.PROXIED,
}

_NOT_A_SENDING: tuple[tuple[Situation, Callable[[_Item, ScannedExchange, Sighting], bool]], ...] = (
    (Situation.RECEIVED, lambda item, scanned, sighting: sighting.in_response),
    (
        Situation.BEFORE_INPUT,
        lambda item, scanned, sighting: not after_typing(item.facts, scanned.exchange),
    ),
    (
        Situation.INPUT_PATH,
        lambda item, scanned, sighting: on_input_path(scanned, item.facts.package),
    ),
    (
        Situation.PREFIX,
        lambda item, scanned, sighting: not _counts(item.prefixes, scanned, sighting),
    ),
)
"""Situations in which a sighting is no sending of what was typed; the first that holds."""


def _sort(item: _Item, scanned: ScannedExchange, sighting: Sighting) -> list[Sorting]:
    allowed_by = allowing(item.facts.check, scanned)
    for situation, holds in _NOT_A_SENDING:
        if holds(item, scanned, sighting):
            return [Sorting(situation, scanned, sighting, allowed_by)]
    if field_key(scanned, sighting) in item.early_fields:
        return [Sorting(Situation.INDISTINCT, scanned, sighting, allowed_by)]
    found = _destinations(item, scanned, allowed_by)
    rows = [Sorting(situation, scanned, sighting, allowed_by) for situation in found]
    return [_unless_accepted(item.facts, row) for row in rows]


def sending_of(facts: ItemFacts, row: Sorting) -> Sending:
    """The sorted sighting as an acceptance looks at it."""
    exchange = row.scanned.exchange
    return Sending(
        recipient=row.scanned.recipient,
        stage=Stage.HANDED if is_handed(exchange) else Stage.SENT,
        kind=_FINDING_KINDS.get(row.situation, FindingKind.RECIPIENT),
        consent=facts.consent,
        data=data_of(row.sighting),
        encoding=encoding_of(row.sighting),
        beside=frozenset(each.kind for each in row.scanned.scan.identifiers),
        cleartext=in_cleartext(exchange),
    )


def _unless_accepted(facts: ItemFacts, row: Sorting) -> Sorting:
    """The row as allowed if the baseline accepts exactly this."""
    if row.situation is Situation.ALLOWED:
        return row
    by = covering(facts.check.accepted, sending_of(facts, row), facts.day)
    return row if by is None else replace(row, situation=Situation.ALLOWED, accepted_by=by)


def expired_for(facts: ItemFacts, row: Sorting) -> Acceptance | None:
    """An acceptance that no longer covers a finding because its end has come."""
    return expired(facts.check.accepted, sending_of(facts, row), facts.day)


def _destinations(
    item: _Item, scanned: ScannedExchange, allowed_by: Allow | None
) -> list[Situation]:
    exchange = scanned.exchange
    if is_handed(exchange):
        if _forwarded(item, scanned):
            return [Situation.FORWARDED]
        return [Situation.ALLOWED if allowed_by else Situation.HANDED]
    if allowed_by is None:
        return [Situation.SENT]
    found = [Situation.PROXIED] if proxies_unasked(item.facts.check, scanned) else []
    check, host = item.facts.check, scanned.recipient.host
    if in_cleartext(exchange) and check.waived(host, item.facts.day) is None:
        found.append(Situation.CLEARTEXT)
    return found or [Situation.ALLOWED]


def _senders(
    facts: ItemFacts, own: list[Carried], prefixes: frozenset[Prefix]
) -> list[tuple[str, float]]:
    """SDK and time of every sending of the term over the network."""
    return [
        (name, scanned.exchange.started_s)
        for scanned, sighting in own
        if sends_for_its_sdk(scanned)
        and not sighting.in_response
        and after_typing(facts, scanned.exchange)
        and _counts(prefixes, scanned, sighting)
        for name in (scanned.recipient.sdk_id, scanned.recipient.sdk)
        if name
    ]


def _forwarded(item: _Item, handed: ScannedExchange) -> bool:
    """Whether the SDK that was handed the term was seen to send it on, to be judged there.

    What another process was handed, that process sends, and nobody sees it.
    """
    if Layer.IPC in handed.exchange.seen_by:
        return False
    names = {handed.recipient.sdk_id, handed.recipient.sdk} - {""}
    earliest_s = handed.exchange.started_s - CLOCK_SLACK_S
    return any(name in names and at_s >= earliest_s for name, at_s in item.senders)


def _counts(prefixes: frozenset[Prefix], scanned: ScannedExchange, sighting: Sighting) -> bool:
    return not sighting.prefix or (recipient_key(scanned), sighting.prefix) in prefixes


def _counting_prefixes(facts: ItemFacts, own: list[Carried]) -> frozenset[Prefix]:
    """Prefixes that prove a sending: two of different length to one recipient, or all but one."""
    nearly_whole = len(regex.findall(r"\X", facts.term)) - 1
    lengths: dict[str, set[int]] = {}
    for scanned, sighting in own:
        usable = not sighting.in_response and after_typing(facts, scanned.exchange)
        if usable and sighting.prefix >= facts.check.min_prefix:
            lengths.setdefault(recipient_key(scanned), set()).add(sighting.prefix)
    return frozenset(
        (key, length)
        for key, seen in lengths.items()
        for length in seen
        if len(seen) > 1 or length >= nearly_whole
    )
