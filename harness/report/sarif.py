"""A run as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning and CI servers.

Input: a run. Output: one JSON document. A finding is a result of kind `fail` at the scenario file,
in the line that typed the term; one that somebody accepted is suppressed, with the reason.
Blindness is never silence: each reason is a result of kind `open` ("insufficient information to
decide") and a notification, and the invocation is not successful. A pass has no result, only its
entry in the run's `properties`. Texts hold no links and no placeholders (section 3.11), whatever
the app calls its things.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from harness import __version__
from harness.findings.finding import Finding, FindingKind, Reason, Stage, Verdict
from harness.findings.forms import data_of, encoding_of
from harness.report.moments import iso
from harness.report.plain import plain
from harness.report.run import Difference, ReportedItem, ReportedRun
from harness.report.sarif_rules import BASELINE, FINDING_ROWS, PREFIX, row_of, rule_of, rules
from harness.report.wording import KINDS, handed

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
FRAMES = 40
ACCEPTED = ": accepted by "
"""What an acceptance's text has and no `allow` entry can."""

_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_PLACE = re.compile(r":(\d+):(\d+)$")

Json = dict[str, Any]


def document(run: ReportedRun) -> Iterator[str]:
    """The whole document."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(run)]}
    yield json.dumps(log, ensure_ascii=True, indent=1) + "\n"


def _run(run: ReportedRun) -> Json:
    return {
        "tool": {
            "driver": {
                "name": "leak-harness",
                "version": run.versions.get("harness") or __version__,
                "rules": rules(),
            }
        },
        "automationDetails": {"id": f"leak-harness/{run.id}"},
        "invocations": [_invocation(run)],
        "columnKind": "unicodeCodePoints",
        "results": [result for item in run.items for result in _results(item)]
        + list(_changes(run)),
        "properties": {
            "verdict": run.verdict.value,
            "complete": run.complete,
            "redacted": run.redacted,
            "apps": list(run.apps),
            "items": [
                {
                    "id": item.name,
                    "verdict": item.report.verdict.value,
                    "term": item.report.term,
                    "consent": item.report.consent,
                }
                for item in run.items
            ],
        },
    }


def _invocation(run: ReportedRun) -> Json:
    notes = [
        {
            "level": "error",
            "message": _message(_told(reason)),
            "locations": [_location(item)],
            "associatedRule": {
                "id": rule_of(reason.row)["ruleId"],
                "index": rule_of(reason.row)["ruleIndex"],
            },
        }
        for item in run.items
        for reason in _blind(item)
    ]
    for each in run.differences:
        if each.severity is Verdict.INCONCLUSIVE:
            notes.append({"level": "error", "message": _message(each.detail)})
    if not run.complete:
        text = "the run was never finished, so it is no pass"
        notes.append({"level": "error", "message": _message(text)})
    if not run.items:
        notes.append({"level": "error", "message": _message("nothing was judged")})
    times = {"startTimeUtc": run.started_s, "endTimeUtc": run.finished_s}
    return {
        **{name: iso(at_s) for name, at_s in times.items() if at_s is not None},
        "executionSuccessful": not notes,
        "toolExecutionNotifications": notes,
    }


def _results(item: ReportedItem) -> Iterator[Json]:
    judgement = item.report.judgement
    for finding in judgement.findings:
        yield _finding(item, finding)
    for finding in judgement.allowed:
        if ACCEPTED in finding.allowed_by:
            accepted = {"kind": "external", "status": "accepted"}
            why = {"justification": plain(finding.allowed_by)}
            yield _finding(item, finding) | {"suppressions": [accepted | why]}
    for reason in judgement.reasons:
        leak = reason.verdict is Verdict.LEAK
        if leak and (reason.row not in FINDING_ROWS or not judgement.findings):
            yield _result(item, reason.row, _told(reason), [reason.row, reason.detail])
    for reason in _blind(item):
        open_ = {"kind": "open", "level": "none"}
        yield _result(item, reason.row, _told(reason), [reason.row, reason.detail]) | open_


def _changes(run: ReportedRun) -> Iterator[Json]:
    """What is worse than in the baseline; where an item has been told of it, it says so itself."""
    for each in run.differences:
        since = f" since {each.since}" if each.since else ""
        text = f"{each.change.replace('-', ' ')}{since}: {each.detail}"
        if each.severity is None or _has_told(run, each, text):
            continue
        leak = each.severity is Verdict.LEAK
        parts = json.dumps([each.package, each.change, each.consent, each.detail])
        yield {
            **rule_of(BASELINE),
            "kind": "fail" if leak else "open",
            "level": "error" if leak else "none",
            "message": _message(text),
            "partialFingerprints": {f"{PREFIX}v1": sha256(parts.encode("ascii")).hexdigest()},
        }


def _has_told(run: ReportedRun, change: Difference, text: str) -> bool:
    """An item of the same app and consent has this very change among its reasons, as grave."""
    return any(
        each.row == BASELINE and each.verdict is change.severity and each.detail == text
        for item in run.reports
        if item.app and item.app.package == change.package
        if change.consent in ("", item.consent)
        for each in item.judgement.reasons
    )


def _blind(item: ReportedItem) -> Iterator[Reason]:
    for reason in item.report.judgement.reasons:
        if reason.verdict is Verdict.INCONCLUSIVE:
            yield reason


def _finding(item: ReportedItem, finding: Finding) -> Json:
    recipient, sighting = finding.recipient, finding.sighting
    identity = [
        finding.kind.value, finding.stage.value, recipient.host, recipient.sdk_id,
        data_of(sighting), encoding_of(sighting), sighting.location,
    ]  # fmt: skip
    result = _result(item, row_of(finding), _sentence(finding), identity)
    result["properties"] = {
        "term": sighting.term,
        "consent": item.report.consent,
        "recipient": recipient.brief(),
        "variant": sighting.variant,
        "location": sighting.location,
        "decoding": list(sighting.decoding),
        "range": list(sighting.range),
        "seen_by": [layer.value for layer in finding.seen_by],
        "identifiers": [f"{each.kind}: {each.value}" for each in finding.identifiers],
        "exchange": finding.exchange,
        "late": finding.late,
    }
    if finding.stack:
        result["stacks"] = [{"frames": [_frame(text) for text in finding.stack[:FRAMES]]}]
    return result


def _result(item: ReportedItem, row: str, text: str, identity: Iterable[str]) -> Json:
    """`identity` is what makes it the same result in the next run, whatever was typed then."""
    parts = json.dumps([item.scenario, item.report.consent, *identity])
    return {
        **rule_of(row),
        "kind": "fail",
        "level": "error",
        "message": _message(text),
        "locations": [_location(item)],
        "partialFingerprints": {f"{PREFIX}v1": sha256(parts.encode("ascii")).hexdigest()},
    }


def _sentence(finding: Finding) -> str:
    recipient, sighting = finding.recipient, finding.sighting
    names = ", ".join(dict.fromkeys(filter(None, (recipient.sdk, recipient.company))))
    who = f"{recipient.host or 'an unknown host'} ({names})" if names else recipient.host
    verb = "was handed" if finding.stage is Stage.HANDED else "got"
    data = data_of(sighting)
    what = f"'{sighting.term}'" if data == "term" else f"a {data} '{sighting.term}'"
    way = f", decoded: {' > '.join(sighting.decoding)}" if sighting.decoding else ""
    beside = ", ".join(dict.fromkeys(each.kind for each in finding.identifiers))
    remarks = [
        KINDS[finding.kind] if finding.kind is not FindingKind.RECIPIENT else "",
        handed(finding.stage),
        f"beside it: {beside}" if beside else "",
    ]
    tail = "".join(f"; {each}" for each in remarks if each)
    return f"{who} {verb} {what} in {sighting.location}{way}{tail}."


def _told(reason: Reason) -> str:
    return f"{reason.detail}. Do: {reason.action}" if reason.action else reason.detail


def _message(text: str) -> Json:
    unlinked = plain(text).replace("](", "] (")
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", unlinked)}


def _location(item: ReportedItem) -> Json:
    path = PurePath(item.scenario)
    uri = quote(path.as_posix().encode("utf-8", "surrogateescape"))
    artifact = {"uri": f"file://{uri}"} if path.is_absolute() else {"uri": uri, "uriBaseId": ROOT}
    line, column = _typed_at(item)
    region = {"startLine": line, "startColumn": column}
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": region},
        "logicalLocations": [{"fullyQualifiedName": plain(item.name), "kind": "member"}],
    }


def _typed_at(item: ReportedItem) -> tuple[int, int]:
    """Line and column of the step that typed, or the file's first where nobody knows."""
    place = ""
    for each in item.events:
        if each.event == "StepStarted":
            place = str(each.fields.get("place", ""))
        if each.event == "TextTyped":
            found = _PLACE.search(place)
            if found and place.startswith(item.scenario):
                return max(int(found[1]), 1), max(int(found[2]), 1)
    return 1, 1


def _frame(text: str) -> Json:
    return {"location": {"logicalLocations": [{"fullyQualifiedName": plain(text)}]}}
