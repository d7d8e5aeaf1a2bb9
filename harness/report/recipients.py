"""Who got what, as CSV (RFC 4180): one row per sending of a term, one per host that got none.

Input: a run. Output: text with CRLF, every cell quoted, with a byte order mark, because the
spreadsheet programs of most people take accents for something else without one. A cell that such
a program would run as a formula gets an apostrophe in front (OWASP, "CSV Injection"). An item that
has no other row still has one, so that nobody takes what was not seen for what was not there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from harness.findings.finding import Finding
from harness.report.grouping import telling_frames
from harness.report.model import Contact, ItemReport
from harness.report.plain import plain
from harness.report.run import ReportedItem, ReportedRun

BOM = "\ufeff"
COLUMNS = (
    "run", "run_verdict", "complete", "item", "file", "app", "version", "consent",
    "item_verdict", "item_reasons", "got", "host", "domain", "company", "sdk", "party", "term",
    "kind", "stage", "variant", "location", "decoding", "identifiers", "seen_by", "sent_by",
    "late", "allowed_by", "exchange", "requests", "requests_since_typing", "sent_bytes",
)  # fmt: skip
FINDING, ALLOWED, NO_TERM, NOBODY = "finding", "allowed", "no term seen", "nothing seen"
"""Values of `got`."""

_FORMULA = "=+-@\t\r\n＝＋－＠"
"""First characters that start a formula; the wide ones do in East Asian versions."""


def document(run: ReportedRun) -> Iterator[str]:
    """The whole table, row by row."""
    yield BOM + _line(COLUMNS)
    for item in run.items:
        about = _about(run, item)
        for row in _rows(item.report):
            cells = about | row
            yield _line(tuple(cells.get(name, "") for name in COLUMNS))


def cell(text: str) -> str:
    """Safe in a spreadsheet: no control character, no formula."""
    safe = plain(text)
    return f"'{safe}" if safe.lstrip()[:1] in _FORMULA and safe.strip() else safe


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(cell, cells))
    return out.getvalue()


def _about(run: ReportedRun, item: ReportedItem) -> dict[str, str]:
    report = item.report
    return {
        "run": run.id,
        "run_verdict": run.verdict.value,
        "complete": _yes(run.complete),
        "item": item.name,
        "file": report.file,
        "app": report.app.package if report.app else "",
        "version": report.app.version_name if report.app else "",
        "consent": report.consent,
        "item_verdict": report.verdict.value,
        "item_reasons": "; ".join(reason.detail for reason in report.judgement.reasons),
    }


def _rows(item: ItemReport) -> Iterator[dict[str, str]]:
    contacts = {each.host: each for each in item.contacted}
    judgement = item.judgement
    told: set[str] = set()
    for got, findings in ((FINDING, judgement.findings), (ALLOWED, judgement.allowed)):
        for finding in findings:
            host = finding.recipient.host
            told.add(host)
            frames = telling_frames(finding.stack, item.app.package if item.app else "")
            sender = {"sent_by": "; ".join(frames)}
            yield _sending(got, finding) | sender | _sums(contacts.get(host))
    for contact in item.contacted:
        if contact.host not in told:
            yield {
                "got": NO_TERM,
                "host": contact.host,
                "company": contact.company,
                "sdk": contact.sdk,
                "party": contact.party,
            } | _sums(contact)
    if not told and not contacts:
        yield {"got": NOBODY, "term": item.term}


def _sending(got: str, finding: Finding) -> dict[str, str]:
    recipient, sighting = finding.recipient, finding.sighting
    return {
        "got": got,
        **recipient.brief(),
        "term": sighting.term,
        "kind": finding.kind.value,
        "stage": finding.stage.value,
        "variant": sighting.variant,
        "location": sighting.location,
        "decoding": " > ".join(sighting.decoding),
        "identifiers": "; ".join(f"{each.kind}: {each.value}" for each in finding.identifiers),
        "seen_by": "; ".join(layer.value for layer in finding.seen_by),
        "late": _yes(finding.late),
        "allowed_by": finding.allowed_by,
        "exchange": finding.exchange,
    }


def _sums(contact: Contact | None) -> dict[str, str]:
    if contact is None:
        return {}
    return {
        "requests": str(contact.requests),
        "requests_since_typing": str(contact.since_typing),
        "sent_bytes": str(contact.sent_bytes),
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"
