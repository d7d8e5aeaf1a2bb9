"""What SARIF calls rules: the rows of the verdict table, and which one a finding is of.

Input: the table, a finding. Output: `reportingDescriptor` values (SARIF 2.1.0, section 3.49) in a
fixed order, and positions in it. Refuses nothing: a row that a newer version wrote is the last one.
"""

from __future__ import annotations

from typing import Any

from harness.findings.finding import Finding, FindingKind, Stage, Verdict
from harness.findings.verdict import ATTEMPTS, TABLE
from harness.report.model import ERROR_ROW
from harness.traffic.exchange import Layer

PREFIX = "leak/"
OTHER = "other"
BASELINE = "baseline"

_OWN = {
    BASELINE: ("something is worse than in the approved baseline", Verdict.LEAK),
    ATTEMPTS: ("an earlier attempt leaked, and a later one does not undo it", Verdict.LEAK),
    ERROR_ROW: ("the scenario could not be played", Verdict.INCONCLUSIVE),
    OTHER: ("another reason, told in the message", Verdict.INCONCLUSIVE),
}
"""Reasons that are in no row of the table."""

SITUATIONS: dict[str, tuple[str, Verdict]] = {
    row.key: (row.situation, row.demands) for row in TABLE if row.demands is not None
} | _OWN
"""Row -> when it holds, and what it demands."""

_INDEX = {row: number for number, row in enumerate(SITUATIONS)}


def rules() -> list[dict[str, Any]]:
    """All of them, for `tool.driver.rules`."""
    return [_rule(row, *what) for row, what in SITUATIONS.items()]


def _rule(row: str, situation: str, demands: Verdict) -> dict[str, Any]:
    sentence = situation.replace("`", "'")
    return {
        "id": PREFIX + row,
        "name": "".join(word.capitalize() for word in row.split("-")),
        "shortDescription": {"text": sentence[0].upper() + sentence[1:] + "."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["privacy", demands.value]},
    }


def rule_of(row: str) -> dict[str, Any]:
    """`ruleId` and `ruleIndex` of a row."""
    known = row if row in _INDEX else OTHER
    return {"ruleId": PREFIX + known, "ruleIndex": _INDEX[known]}


def row_of(finding: Finding) -> str:
    """The row that makes it a finding."""
    if finding.kind is FindingKind.CLEARTEXT:
        return "cleartext"
    if finding.kind is FindingKind.PROXIED:
        return "proxied"
    if finding.stage is Stage.HANDED:
        return "handed"
    return "witness-only" if finding.seen_by == (Layer.WITNESS,) else "sent"


FINDING_ROWS = frozenset({"sent", "witness-only", "cleartext", "proxied", "handed"})
"""Rows whose reasons are told by their findings."""
