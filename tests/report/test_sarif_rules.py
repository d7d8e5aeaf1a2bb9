"""SARIF's rules are the rows of the verdict table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.findings.finding import Finding, FindingKind, Stage
from harness.findings.verdict import TABLE
from harness.report.sarif_rules import FINDING_ROWS, SITUATIONS, row_of, rule_of, rules
from harness.traffic.exchange import Layer
from tests.report.items import leaking

(FINDING,) = leaking().judgement.findings


def test_each_row_that_demands_something_is_a_rule() -> None:
    demanding = {row.key for row in TABLE if row.demands is not None}
    assert demanding < set(SITUATIONS)
    assert demanding >= FINDING_ROWS
    ids = [rule["id"] for rule in rules()]
    assert len(set(ids)) == len(ids)
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in rules())


@pytest.mark.parametrize(
    ("finding", "row"),
    [
        (FINDING, "sent"),
        (replace(FINDING, seen_by=(Layer.WITNESS,)), "witness-only"),
        (replace(FINDING, kind=FindingKind.CLEARTEXT), "cleartext"),
        (replace(FINDING, kind=FindingKind.PROXIED), "proxied"),
        (replace(FINDING, stage=Stage.HANDED), "handed"),
    ],
)
def test_the_row_of_a_finding(finding: Finding, row: str) -> None:
    assert row_of(finding) == row
    assert rules()[rule_of(row)["ruleIndex"]]["id"] == rule_of(row)["ruleId"]


def test_a_row_of_a_newer_version_is_another_reason() -> None:
    assert rule_of("never-heard-of")["ruleId"] == "leak/other"
