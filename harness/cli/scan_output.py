"""What `leak-harness scan` prints and writes.

Input: the judgement and the results of the files. Output: lines for people, a document for
programs (its shape is part of the public contract).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from harness.cli.scanner import FileResult
from harness.detection.differential import Comparison
from harness.detection.sighting import Identifier
from harness.detection.terms import Rule, rule_for
from harness.findings.finding import FindingKind, Verdict
from harness.findings.scan_verdict import CLEAN, Blind, Judged, ScanJudgement

SCHEMA = 1
SHOWN_COMPANIONS = 6
SHOWN_VALUE = 48
MAX_LISTED_BLIND = 20
MAX_COMPARED_VALUE = 80
NOBODY = "is this the recording of that search? --control HOST makes it part of the question"
HEADLINES = {Verdict.LEAK: "LEAK", Verdict.INCONCLUSIVE: "INCONCLUSIVE", Verdict.PASS: "PASS"}
COLOURS = {Verdict.LEAK: "red", Verdict.INCONCLUSIVE: "yellow", Verdict.PASS: "green"}


def document(
    judgement: ScanJudgement, results: Sequence[FileResult], comparison: Comparison | None = None
) -> dict[str, Any]:
    """The JSON document of a scan."""
    unread = [
        {
            "entry": item.entry.index,
            "file": item.entry.file,
            "host": item.entry.recipient.host,
            "part": item.unread.part,
            "reason": item.unread.reason,
            "decisive": item.decisive,
        }
        for item in judgement.blind
    ]
    unread += [
        {
            "entry": fault.index,
            "file": str(result.path),
            "host": "",
            "part": "entry",
            "reason": fault.reason,
            "decisive": True,
        }
        for result in results
        for fault in result.faults
    ]
    written: dict[str, Any] = {
        "schema": SCHEMA,
        "verdict": judgement.verdict.value,
        "reasons": list(judgement.reasons),
        "sightings": [_sighting(item) for item in judgement.sightings],
        "unread": unread,
        "entries": sum(result.count for result in results),
        "errors": [one_line(result) for result in results if result.error is not None],
    }
    if comparison is not None:
        written["compared"] = comparison.compared
        written["alone"] = comparison.alone
        written["follows"] = [
            {
                "host": item.host,
                "method": item.method,
                "path": item.path,
                "location": item.location,
                "files": [item.file_a, item.file_b],
                "entries": [item.index_a, item.index_b],
                "values": [shown_value(item.value_a), shown_value(item.value_b)],
            }
            for item in comparison.followers
        ]
    return written


def _sighting(item: Judged) -> dict[str, Any]:
    sighting, recipient = item.sighting, item.entry.recipient
    return {
        "entry": item.entry.index,
        "file": item.entry.file,
        "term": sighting.term,
        "variant": sighting.variant,
        "location": sighting.location,
        "decoding": list(sighting.decoding),
        "part": sighting.part,
        "range": list(sighting.range),
        "prefix": sighting.prefix,
        "finding": item.finding.value if item.finding is not None else None,
        "proxied": item.entry.proxied or None,
        "recipient": recipient.brief(),
        "identifiers": [
            *(_identifier(found, item.entry.index) for found in item.entry.scan.identifiers),
            *(_identifier(each.identifier, each.index) for each in item.entry.session),
        ],
    }


def _identifier(found: Identifier, entry: int) -> dict[str, Any]:
    """`entry` is where it was: the sighting's own, or another one to the same recipient."""
    return {
        "kind": found.kind,
        "value": told_value(found),
        "location": found.location,
        "exact": found.exact,
        "entry": entry,
    }


def told_value(found: Identifier) -> str:
    """A companion's value; of a credential only a digest, enough to tell two apart."""
    if not found.credential:
        return found.value
    return "sha256:" + hashlib.sha256(found.value.encode()).hexdigest()[:16]


def one_line(result: FileResult) -> str:
    """File, place, what is wrong, what was expected."""
    error = result.error
    if error is None:
        return ""
    expected = f" (expected {error.expected})" if error.expected else ""
    return f"{error.where or result.path}: {error.what}{expected}"


def headline(judgement: ScanJudgement, entries: int) -> str:
    """The verdict in one line."""
    findings = sum(item.finding is not None for item in judgement.sightings)
    what = {
        Verdict.LEAK: f"{_count(findings, 'finding')} in {_count(entries, 'entry')}",
        Verdict.INCONCLUSIVE: f"no finding in {_count(entries, 'entry')}, but a leak is possible",
        Verdict.PASS: f"{CLEAN} ({_count(entries, 'entry')})",
    }[judgement.verdict]
    return f"{HEADLINES[judgement.verdict]}: {what}"


def shown_value(value: bytes) -> str:
    """A compared value, shortened; what is no text as `\\xNN`."""
    text = value[:MAX_COMPARED_VALUE].decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else "·" for char in text)


def lines(judgement: ScanJudgement, comparison: Comparison | None = None) -> Iterator[str]:
    """Everything below the headline."""
    for number, item in enumerate(judgement.sightings, 1):
        yield from _sighting_lines(number, item)
    if comparison is not None:
        yield from _compared_lines(comparison)
    if judgement.verdict is Verdict.INCONCLUSIVE:
        yield from (f"  why: {reason}" for reason in judgement.reasons)
    elif judgement.verdict is Verdict.PASS and comparison is None:
        yield from (f"  note: nobody got {term!r}; {NOBODY}" for term in judgement.unseen)
    yield from _blind_lines(judgement.blind)


def _compared_lines(comparison: Comparison) -> Iterator[str]:
    yield f"  compared: {_count(comparison.compared, 'request')} of the first recording"
    for host, count in comparison.alone.items():
        yield f"  not compared: {_count(count, 'request')} to {host} without a counterpart"
    for item in comparison.followers:
        before, after = shown_value(item.value_a), shown_value(item.value_b)
        yield (
            f"  {item.host} {item.location}: follows the typed term "
            f"(entries {item.index_a} and {item.index_b}: {before!r}, then {after!r})"
        )


def short_terms(terms: Sequence[str]) -> Iterator[str]:
    """A note per term that is too short to count inside other text."""
    for term in terms:
        if rule_for(term) is not Rule.WORD:
            yield f"  note: {term!r} is short, so it counts only where it stands alone"


def _sighting_lines(number: int, item: Judged) -> Iterator[str]:
    recipient, sighting = item.entry.recipient, item.sighting
    who = ", ".join(filter(None, (recipient.company, recipient.sdk)))
    party = (
        f"{recipient.party.value} party" if recipient.party.value != "unknown" else "party unknown"
    )
    kind = {
        FindingKind.RECIPIENT: "",
        FindingKind.CLEARTEXT: " without encryption",
        FindingKind.PROXIED: f" on behalf of {item.entry.proxied}",
        None: " (note)",
    }[item.finding]
    known = f"{who}; {party}" if who else party
    yield f"  {number}. {recipient.host} ({known}){kind}: {sighting.term!r}"
    way = " > ".join(sighting.decoding) or "as it is"
    span = f"bytes {sighting.range[0]}..{sighting.range[1]} of {sighting.part}"
    yield f"     entry {item.entry.index} of {item.entry.file}: {sighting.location}"
    yield f"     {sighting.variant}; {way}; {span}"
    yield from _companions("beside it", item.entry.scan.identifiers)
    others = [each.identifier for each in item.entry.session]
    yield from _companions("in other requests to this recipient", others)


def _companions(where: str, found: Sequence[Identifier]) -> Iterator[str]:
    if found:
        told = ", ".join(
            f"{each.kind} {told_value(each)[:SHOWN_VALUE]}" for each in found[:SHOWN_COMPANIONS]
        )
        more = len(found) - SHOWN_COMPANIONS
        yield f"     {where}: {told}{f' and {more} more' if more > 0 else ''}"


def _blind_lines(blind: Sequence[Blind]) -> Iterator[str]:
    for item in blind[:MAX_LISTED_BLIND]:
        kind = "unread" if item.decisive else "note: unread"
        yield (
            f"  {kind}: entry {item.entry.index}, {item.entry.recipient.host}, "
            f"{item.unread.part}: {item.unread.reason}"
        )
    if len(blind) > MAX_LISTED_BLIND:
        yield f"  and {len(blind) - MAX_LISTED_BLIND} more that could not be read (see --json)"


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
