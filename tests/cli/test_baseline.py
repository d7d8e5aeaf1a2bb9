"""`leak-harness baseline approve`: what is written, what is refused, what stays a leak."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from harness.baseline.approval import baseline_text
from harness.baseline.approved_file import read_baseline
from harness.baseline.store import Store
from tests.baseline.baselines import baseline
from tests.baseline.runs import alone_blind, put_run, record
from tests.cli.stored import call, inside, said, three_releases

ACCEPT = ("--accept", "api-js.mixpanel.com", "--owner", "dpo", "--until", "2099-12-31")


def approve(tmp_path: Path, *arguments: str) -> Result:
    store = three_releases(tmp_path / "runs.db") if not (tmp_path / "runs.db").exists() else ""
    store = store or str(tmp_path / "runs.db")
    with inside(tmp_path):
        return call("baseline", "approve", *arguments, "--store", store)


def test_a_run_is_written_where_a_project_keeps_it(tmp_path: Path) -> None:
    result = approve(tmp_path, "r2", "--why", "second")
    assert result.exit_code == 0, said(result)
    path = tmp_path / "leak-baselines" / "org.example.clinic.yaml"
    found = read_baseline(path)
    assert (found.run, found.why, found.app.label) == ("r2", "second", "2.0")
    assert found.approved is not None
    assert "still a leak: api-js.mixpanel.com" in said(result)
    assert found.acceptances() == ()


def test_accepting_needs_a_name_a_reason_and_an_end(tmp_path: Path) -> None:
    result = approve(tmp_path, "r2", *ACCEPT)
    assert (result.exit_code, "needs --why" in said(result)) == (2, True)
    result = approve(tmp_path, "r2", "--owner", "dpo")
    assert "belong to --accept" in said(result)
    late = (*ACCEPT[:-1], "soon")
    assert "is not a day" in said(approve(tmp_path, "r2", *late, "--why", "x"))
    assert not (tmp_path / "leak-baselines").exists()
    done = approve(tmp_path, "r2", *ACCEPT, "--why", "contract")
    assert "accepted until 2099-12-31" in said(done)


def test_what_people_wrote_survives_the_next_approval(tmp_path: Path) -> None:
    approve(tmp_path, "r2", *ACCEPT, "--why", "contract")
    approve(tmp_path, "r2", "--why", "again")
    found = read_baseline(tmp_path / "leak-baselines" / "org.example.clinic.yaml")
    assert [each.why for each in found.acceptances()] == ["contract"]


@pytest.mark.parametrize(
    ("run", "words"),
    [("r4", "it was never finished"), ("blind", "it is inconclusive"), ("x", "no run 'x'")],
)
def test_runs_that_say_too_little_are_refused(tmp_path: Path, run: str, words: str) -> None:
    with Store.open(three_releases(tmp_path / "runs.db")) as store:
        put_run(store, "blind", record(alone_blind()))
    result = approve(tmp_path, run)
    assert result.exit_code == 2
    assert words in said(result)
    assert not (tmp_path / "leak-baselines").exists()


def test_another_apps_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    text = baseline_text(baseline()).replace("org.example.clinic", "org.example.other")
    path.write_text(text)
    result = approve(tmp_path, "r1", "--output", str(path))
    assert result.exit_code == 2
    assert "of another app" in said(result)
    assert path.read_text() == text


def test_a_file_with_a_mistake_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text("recipients: [")
    result = approve(tmp_path, "r1", "--output", str(path))
    assert result.exit_code == 2
    assert path.read_text() == "recipients: ["


def test_nothing_is_accepted_that_is_no_finding(tmp_path: Path) -> None:
    accept = ("--accept", "api.clinic.example", *ACCEPT[2:], "--why", "x")
    result = approve(tmp_path, "r2", *accept)
    assert result.exit_code == 2
    assert "no finding at api.clinic.example" in said(result)
