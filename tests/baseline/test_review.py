"""Which baseline counts, and what it does to a judgement: never anything lighter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.baseline.approval import file_for, write_baseline
from harness.baseline.approved import Change, Severity
from harness.baseline.review import ROW, References, Reviewer, project_folder
from harness.baseline.store import Store
from harness.errors import ScenarioError
from harness.findings.finding import Judgement, Verdict
from harness.findings.verdict import judge
from tests.baseline.baselines import CELL, baseline, entry, leaking
from tests.baseline.runs import CLEAN, LEAKY, SCENARIO, put_run, record
from tests.findings.building import COVERAGE, PACKAGE, exchange, facts, scanned


def references(tmp_path: Path, choice: str = "", store: Store | None = None) -> References:
    return References(choice, tmp_path, store.reader if store else None, "now")


def reviewed(tmp_path: Path, of: object, choice: str) -> Judgement:
    reviewer = Reviewer(references(tmp_path, choice), lambda file: file)
    spoken = replace(of, consent="accepted")  # type: ignore[type-var]  # facts
    return reviewer.review(SCENARIO, spoken, judge(spoken))


def written(tmp_path: Path, **fields: object) -> str:
    path = tmp_path / "given.yaml"
    write_baseline(baseline(entry(), **fields), path)  # type: ignore[arg-type]  # its fields
    return str(path)


def test_a_new_recipient_is_told_with_its_version(tmp_path: Path) -> None:
    judgement = reviewed(tmp_path, LEAKY, written(tmp_path))
    assert judgement.verdict is Verdict.LEAK
    (reason,) = [each for each in judgement.reasons if each.row == ROW]
    assert reason.verdict is Verdict.LEAK
    assert reason.detail == (
        "new recipient since 1.0: api-js.mixpanel.com (Mixpanel, Inc.; Mixpanel) gets term"
        " with advertising-id"
    )


def test_a_known_leak_stays_a_leak(tmp_path: Path) -> None:
    path = tmp_path / "given.yaml"
    write_baseline(baseline(entry(), leaking()), path)
    judgement = reviewed(tmp_path, LEAKY, str(path))
    assert judgement == judge(replace(LEAKY, consent="accepted"))


def test_a_pass_stays_a_pass_with_notes(tmp_path: Path) -> None:
    talked = facts(scanned(exchange("m.clinic.example")))
    judgement = reviewed(tmp_path, talked, written(tmp_path))
    assert judgement.verdict is Verdict.PASS
    assert [note for note in judgement.notes if "since" in note] == [
        "new recipient since 1.0: m.clinic.example gets term"
    ]


def test_a_teams_rule_makes_an_allowed_newcomer_a_leak(tmp_path: Path) -> None:
    talked = facts(scanned(exchange("m.clinic.example")))
    strict = written(tmp_path, rules={Change.NEW_RECIPIENT: Severity.LEAK})
    judgement = reviewed(tmp_path, talked, strict)
    assert judgement.verdict is Verdict.LEAK
    assert [each.row for each in judgement.reasons] == [ROW]


def test_a_layer_that_fell_silent_is_no_pass(tmp_path: Path) -> None:
    path = tmp_path / "given.yaml"
    cell = replace(CELL, layers=(*CELL.layers, "socket", "webview"))
    write_baseline(baseline(entry(), cells=(cell,)), path)
    without = replace(CLEAN, coverage=replace(COVERAGE, layers=COVERAGE.layers[:2]))
    judgement = reviewed(tmp_path, without, str(path))
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert {each.row for each in judgement.reasons} == {ROW}
    assert any("capture layer webview" in each.detail for each in judgement.reasons)


def test_without_a_baseline_nothing_is_added(tmp_path: Path) -> None:
    assert reviewed(tmp_path, LEAKY, "none") == judge(replace(LEAKY, consent="accepted"))
    assert reviewed(tmp_path, LEAKY, "") == judge(replace(LEAKY, consent="accepted"))


def test_the_projects_file_goes_before_the_last_runs(tmp_path: Path, store: Store) -> None:
    put_run(store, "one", record(LEAKY, "2.0"))
    found = references(tmp_path, "", store).of(PACKAGE)
    assert found is not None
    assert found.run == "one"
    write_baseline(baseline(entry(), run="approved"), file_for(tmp_path, PACKAGE))
    approved = references(tmp_path, "", store).of(PACKAGE)
    assert approved is not None
    assert approved.run == "approved"
    newest = references(tmp_path, "latest", store).of(PACKAGE)
    assert newest is not None
    assert newest.run == "one"
    assert references(tmp_path, "none", store).of(PACKAGE) is None
    in_folder = References(str(tmp_path), tmp_path / "other", None, "now").of(PACKAGE)
    assert in_folder is not None


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="none are kept"):
        references(tmp_path, "latest")
    path = tmp_path / "b.yaml"
    path.write_text("nonsense")
    with pytest.raises(ScenarioError, match="cannot be used"):
        references(tmp_path, str(path))
    chosen = references(tmp_path, written(tmp_path))
    with pytest.raises(ScenarioError, match="of another app"):
        chosen.of("org.example.other")
    assert Reviewer(references(tmp_path), str).accepted(PACKAGE) == ()


def test_where_a_project_keeps_its_baselines(tmp_path: Path) -> None:
    assert project_folder(tmp_path) == tmp_path / "leak-baselines"
