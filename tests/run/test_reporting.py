"""Results into report items."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from harness.errors import LabError
from harness.findings.finding import Verdict
from harness.run.conductor import Result
from harness.run.reporting import item_report, item_reports, unrun_report
from tests.run.lab import bench


def test_one_item_a_test_with_all_its_attempts(tmp_path: Path) -> None:
    table = bench(tmp_path, leaky=True)
    table.search(0, "t")
    table.phone.faults.leaky = False
    table.search(0, "t")
    table.search(1, "other")
    first, other = item_reports(table.conductor.results)
    assert (first.id, first.attempts) == ("t", (Verdict.LEAK, Verdict.PASS))
    assert first.verdict is Verdict.LEAK, "a leak on any attempt stands"
    assert other.verdict is Verdict.PASS
    assert other.app is not None
    assert (other.app.version_name, other.exchanges) == ("2.4.1", 1)
    assert other.device is not None
    assert other.device.serial == "fake-1"


def test_a_revised_item_says_what_it_was(tmp_path: Path) -> None:
    table = bench(tmp_path, leaky=True, late=True)
    table.search(0)
    table.search(1)
    table.conductor.finish()
    first, _ = item_reports(table.conductor.results)
    assert (first.verdict, first.revised) == (Verdict.LEAK, Verdict.PASS)


def test_what_could_not_run_is_inconclusive() -> None:
    report = unrun_report("t", "a.flow.yaml", "x", "accepted", LabError("no device"))
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.judgement.reasons[0].detail == "no device"


def test_every_host_that_was_sent_to_is_listed(tmp_path: Path) -> None:
    result = cast(Result, bench(tmp_path, leaky=True).search())
    rows = item_report([result]).contacted
    assert [(row.host, row.party, row.sdk) for row in rows] == [
        ("api.clinic.example", "first", ""),
        ("api.mixpanel.com", "third", "Mixpanel Android"),
    ]
    assert all(row.requests == row.since_typing == 1 for row in rows)


def test_errors_of_several_lines_are_one(tmp_path: Path) -> None:
    why = LabError("no device", seen="line one\nline two")
    reason = unrun_report("t", "f", "hépatite", "", why).judgement.reasons[0]
    assert reason.detail == "no device (seen: line one line two)"
