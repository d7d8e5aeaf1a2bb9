"""`report.json`: the authoritative answer of a run, for machines.

Input: `Report` or the JSON of single items (workers of a parallel run send those). Output: the
document `{"schema": 1, "verdict": ..., "scenarios": [...]}`, written atomically with mode 0600, and
read back. Keys are only ever added under one schema number.
Refuses to read another schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from harness.errors import ScenarioError
from harness.findings.finding import Finding, Verdict
from harness.folders import write_whole
from harness.report.model import ItemReport, Report, overall
from harness.report.parsing import item_of
from harness.traffic.redaction import Redactor

SCHEMA = 1
Json = dict[str, Any]


def item_json(item: ItemReport, redactor: Redactor) -> Json:
    """One entry of `scenarios`.

    Companions of findings stay readable but credentials, those of allowed ones do not.
    """
    judgement = item.judgement
    return {
        "id": item.id,
        "file": item.file,
        "term": item.term,
        "consent": item.consent,
        "verdict": judgement.verdict.value,
        "reasons": [
            {
                "row": reason.row,
                "verdict": reason.verdict.value,
                "detail": redactor.text(reason.detail),
                "action": redactor.text(reason.action),
            }
            for reason in judgement.reasons
        ],
        "app": item.app and asdict(item.app),
        "device": item.device and asdict(item.device),
        "findings": [finding_json(each, redactor) for each in judgement.findings],
        "allowed": [finding_json(each, redactor) for each in judgement.allowed],
        "notes": [redactor.text(note) for note in judgement.notes],
        "coverage": _plain(asdict(item.coverage), redactor),
        "attempts": [verdict.value for verdict in item.attempts],
        "exchanges": item.exchanges,
        "contacted": [asdict(contact) for contact in item.contacted],
        "revised": item.revised and item.revised.value,
        "duration_s": round(item.duration_s, 3),
    }


def finding_json(finding: Finding, redactor: Redactor) -> Json:
    """A finding or, with `allowed_by`, an allowed sighting."""
    sighting, recipient = finding.sighting, finding.recipient
    hide = redactor.identifier if finding.allowed_by else redactor.companion
    companions = map(hide, finding.identifiers)
    fields: Json = {
        "kind": finding.kind.value,
        "term": sighting.term,
        "recipient": {
            "host": recipient.host,
            "domain": recipient.domain,
            "company": recipient.company,
            "sdk": recipient.sdk,
            "sdk_id": recipient.sdk_id,
            "party": recipient.party.value,
            "basis": list(recipient.basis),
            "confidence": recipient.confidence,
        },
        "location": sighting.location,
        "variant": sighting.variant,
        "decoding": list(sighting.decoding),
        "range": list(sighting.range),
        "part": sighting.part,
        "prefix": sighting.prefix,
        "stage": finding.stage.value,
        "seen_by": [layer.value for layer in finding.seen_by],
        "stack": list(finding.stack),
        "identifiers": [asdict(companion) for companion in companions],
        "exchange": finding.exchange,
        "late": finding.late,
    }
    if finding.allowed_by:
        fields["allowed_by"] = finding.allowed_by
    return fields


def told(item: ItemReport, redactor: Redactor) -> ItemReport:
    """The item as people may be told of it: without the credentials beside its findings."""
    findings = tuple(
        replace(each, identifiers=tuple(map(redactor.companion, each.identifiers)))
        for each in item.judgement.findings
    )
    return replace(item, judgement=replace(item.judgement, findings=findings))


def document(items: Sequence[Mapping[str, Any]]) -> Json:
    """The whole document from its items."""
    verdict = overall([Verdict(item["verdict"]) for item in items])
    return {"schema": SCHEMA, "verdict": verdict.value, "scenarios": list(items)}


def report_json(report: Report, redactor: Redactor) -> Json:
    return document([item_json(item, redactor) for item in report.items])


def write_document(content: Mapping[str, Any], path: Path) -> None:
    """Write it whole or not at all; the folder is made when it is missing.

    Raises:
        LabError: the file cannot be written.
    """
    text = json.dumps(content, ensure_ascii=False, indent=2)
    data = text.encode("utf-8", "backslashreplace") + b"\n"
    write_whole(path, data, "the report", "choose another --leak-output")


def read_report(path: Path) -> Report:
    """Read a document back.

    Raises:
        ScenarioError: it cannot be read, is no report, or has another schema.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema {content['schema']!r}")
        return Report(tuple(map(item_of, content["scenarios"])))
    except OSError as error:
        seen = error.strerror or str(error)
        raise ScenarioError("the report cannot be read", where=str(path), seen=seen) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ScenarioError(
            "this is no report of ours",
            where=str(path),
            seen=f"{type(error).__name__}: {error}",
            expected=f"report.json with schema {SCHEMA}",
        ) from error


def _plain(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item, redactor) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, redactor) for item in value]
    return redactor.text(str(value)) if isinstance(value, str) else value
