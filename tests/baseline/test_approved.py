"""The little that the values of a baseline say themselves."""

from __future__ import annotations

from dataclasses import replace

from harness.baseline.approved import Cell, Contact, Severity
from harness.findings.finding import Verdict
from tests.baseline.baselines import ACCEPT, CELL, baseline, entry, leaking


def test_severities_are_ordered_and_demand_verdicts() -> None:
    assert sorted(Severity, key=lambda each: each.rank) == ["note", "inconclusive", "leak"]
    assert [each.verdict for each in Severity] == [
        Verdict.LEAK,
        Verdict.INCONCLUSIVE,
        Verdict.PASS,
    ]


def test_only_what_somebody_accepted_is_accepted() -> None:
    assert baseline(entry(), leaking()).acceptances() == ()
    (one,) = baseline(entry(), leaking(accept=ACCEPT)).acceptances()
    assert (one.host, one.sdk, one.owner, one.source) == (
        "api-js.mixpanel.com",
        "mixpanel",
        "privacy@clinic.example",
        "baseline of 1.0",
    )


def test_names() -> None:
    assert leaking().who == "api-js.mixpanel.com (Mixpanel, Inc.; Mixpanel)"
    assert entry().who == "api.clinic.example"
    assert (str(CELL), str(Cell("a", ""))) == ("scenarios/search.flow.yaml (accepted)", "a")
    assert Contact("a", "none").key == ("a", "none")
    assert baseline().version_of("unknown", "") == "1.0"
    cells = (replace(CELL, version="0.9"),)
    assert baseline(cells=cells).version_of(*CELL.key) == "0.9"
