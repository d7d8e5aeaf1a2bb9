"""What was found, row by row: sightings that prove a leak, and those that only deserve a note.

Input: sorted facts of an item. Output: `Collected`. Each function is one row of the table in
`harness.findings.verdict`.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.findings.blindness import Collected, Detail, counted
from harness.findings.carriers import witness_only as seen_by_witness_alone
from harness.findings.sorting import Situation, Sorted, Sorting, expired_for, finding_of


def sent(item: Sorted) -> Collected:
    return _findings(item, item.of(Situation.SENT), "{host} got {term!r} ({location})")


def witness_only(item: Sorted) -> Collected:
    rows = [row for row in item.of(Situation.SENT) if seen_by_witness_alone(row.scanned.exchange)]
    return _findings(
        item, rows, "only the witness saw {term!r} go to {host} ({location}): the hooks missed it"
    )


def cleartext(item: Sorted) -> Collected:
    rows = item.of(Situation.CLEARTEXT)
    return _findings(item, rows, "{host} got {term!r} without encryption ({location})")


def proxied(item: Sorted) -> Collected:
    rows = item.of(Situation.PROXIED)
    return _findings(item, rows, "{host} got {term!r} on behalf of {proxied} ({location})")


def handed(item: Sorted) -> Collected:
    rows = item.of(Situation.HANDED)
    return _findings(item, rows, "{term!r} was handed to {host}; no sending was seen ({location})")


def allowed(item: Sorted) -> Collected:
    rows = item.of(Situation.ALLOWED)
    accepted = [
        f"{row.scanned.recipient.host} got {row.sighting.term!r} ({row.sighting.location});"
        f" {row.accepted_by}"
        for row in rows
        if row.accepted_by
    ]
    passing = sorted(
        {
            f"{row.scanned.recipient.sdk} is on the stack of a request to {host}, which is allowed"
            for row in rows
            if row.allowed_by
            and row.scanned.recipient.sdk
            and "host" not in row.scanned.recipient.basis
            and not row.allowed_by.sdk
            and (host := row.scanned.recipient.host)
        }
    )
    allowed = tuple(finding_of(item.facts, row) for row in rows)
    return Collected(allowed=allowed, notes=(*counted(accepted), *passing))


def received(item: Sorted) -> Collected:
    return _noted(item, Situation.RECEIVED, "{term!r} came in an answer of {host} ({location})")


def before_input(item: Sorted) -> Collected:
    text = "before_input: {term!r} went to {host} before it was typed ({location})"
    return _noted(item, Situation.BEFORE_INPUT, text)


def prefix(item: Sorted) -> Collected:
    text = "a lone beginning of {term!r} went to {host} ({location}); too little to count"
    return _noted(item, Situation.PREFIX, text)


def input_path(item: Sorted) -> Collected:
    text = "{term!r} was handed to {host}, a part of the input path or of the app itself"
    return _noted(item, Situation.INPUT_PATH, text)


def forwarded(item: Sorted) -> Collected:
    text = "{term!r} was handed to {host}, which was seen to send it on; judged there"
    return _noted(item, Situation.FORWARDED, text)


def _findings(item: Sorted, rows: Sequence[Sorting], template: str) -> Collected:
    ended = {each for row in rows if (each := expired_for(item.facts, row))}
    sentences = _sentences(item, rows, template)
    late = sorted(f"an acceptance has expired: {each}" for each in ended)
    details = tuple(Detail(text) for text in (*sentences, *late))
    return Collected(details, findings=tuple(finding_of(item.facts, row) for row in rows))


def _noted(item: Sorted, situation: Situation, template: str) -> Collected:
    return Collected(notes=_sentences(item, item.of(situation), template))


def _sentences(item: Sorted, rows: Sequence[Sorting], template: str) -> tuple[str, ...]:
    """The template filled for each row; equal sentences once, with their number."""
    filled = [
        template.format(
            term=item.facts.term,
            host=row.scanned.recipient.host or row.scanned.exchange.package or "an unknown host",
            location=row.sighting.location,
            proxied=row.scanned.proxied_by,
        )
        for row in rows
    ]
    return counted(filled)
