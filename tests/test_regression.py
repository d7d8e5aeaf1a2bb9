"""A session's own run, and what it is compared with; whole runs are in `baseline/test_releases`."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from harness.baseline.approval import file_for, write_baseline
from harness.baseline.approved import Change, Severity
from harness.baseline.store import Store
from harness.errors import LabError, ScenarioError
from harness.findings.finding import Verdict
from harness.regression import Regression
from harness.settings import Settings
from harness.traffic.redaction import Redactor
from tests.baseline.baselines import baseline, entry, leaking
from tests.cli.stored import call, inside, said
from tests.run.lab import TERMS, Bench, bench

PACKAGE = "org.example.clinic"


def regression(tmp_path: Path, run: str = "one", **settings: str) -> Regression:
    given = Settings(**({"store": str(tmp_path / "runs.db")} | settings))  # type: ignore[arg-type]
    return Regression(given, run, Redactor(b"k", keep=TERMS), root=tmp_path)


def played(tmp_path: Path, kept: Regression, **faults: object) -> Bench:
    table = bench(tmp_path / kept.run, **faults)
    object.__setattr__(table.conductor.lab, "on_result", kept.put)
    object.__setattr__(table.conductor.lab, "reference", kept.reviewer)
    table.search(0)
    return table


def test_a_first_run_says_what_to_do_and_that_can_be_done(tmp_path: Path) -> None:
    kept = regression(tmp_path)
    played(tmp_path, kept)
    kept.end(verdict=Verdict.PASS)
    first, last, page = kept.told()
    for line, written in ((page, "report.html"), (first, "leak-baselines")):
        command = shlex.split(line.partition("leak-harness ")[2])
        with inside(tmp_path):
            result = call(*command)
        assert result.exit_code == 0, said(result)
        assert (tmp_path / written).exists()
    assert first.startswith(f"no baseline yet for {PACKAGE}")
    assert "leak-harness baseline approve one" in first
    assert last.startswith("stored: run one")
    assert page.startswith("as a page: leak-harness report one --store ")
    assert (kept.changes, kept.verdict, kept.failed) == ({PACKAGE: None}, Verdict.PASS, False)


def test_who_wants_no_comparison_is_not_told_of_one(tmp_path: Path) -> None:
    kept = regression(tmp_path, baseline="none")
    played(tmp_path, kept)
    kept.end(verdict=Verdict.PASS)
    assert [line.split(":")[0] for line in kept.told()] == ["stored", "as a page"]


def test_items_and_runs_are_compared_with_the_last_one(tmp_path: Path) -> None:
    first = regression(tmp_path, "one")
    played(tmp_path, first)
    first.end(verdict=Verdict.PASS)
    second = regression(tmp_path, "two")
    table = played(tmp_path, second, leaky=True)
    (result,) = table.conductor.results
    assert [each.row for each in result.judgement.reasons] == ["sent", "baseline"]
    second.end(verdict=Verdict.LEAK)
    assert second.verdict is Verdict.LEAK
    assert any("new recipient since 2.4.1" in line for line in second.told())
    with Store.open(str(tmp_path / "runs.db")) as store:
        assert store.reader.find("two").changes == second.changes


def test_a_rule_for_the_whole_run_makes_the_run_fail(tmp_path: Path) -> None:
    gone = leaking(seen_in=("a.flow.yaml",))
    cells = tuple(replace(cell, scenario="a.flow.yaml") for cell in baseline().cells)
    strict = baseline(
        entry(seen_in=("a.flow.yaml",)),
        gone,
        cells=cells,
        rules={Change.RECIPIENT_GONE: Severity.INCONCLUSIVE},
    )
    write_baseline(strict, file_for(tmp_path / "leak-baselines", PACKAGE))
    kept = regression(tmp_path)
    played(tmp_path, kept)
    kept.end(verdict=Verdict.PASS)
    assert kept.verdict is Verdict.INCONCLUSIVE
    with Store.open(str(tmp_path / "runs.db")) as store:
        assert store.reader.find("one").verdict is Verdict.INCONCLUSIVE


def test_without_a_store_items_are_still_compared(tmp_path: Path) -> None:
    write_baseline(baseline(entry()), file_for(tmp_path / "leak-baselines", PACKAGE))
    kept = regression(tmp_path, store="")
    table = played(tmp_path, kept, leaky=True)
    assert table.conductor.results[0].judgement.reasons[-1].row == "baseline"
    kept.end(verdict=Verdict.LEAK)
    kept.close()
    assert list(kept.told()) == []
    assert not (tmp_path / "runs.db").exists()


def test_a_run_that_was_cut_short_is_not_compared(tmp_path: Path) -> None:
    kept = regression(tmp_path)
    played(tmp_path, kept)
    kept.end()
    assert kept.changes == {}
    with Store.open(str(tmp_path / "runs.db")) as store:
        assert not store.reader.find("one").complete


def test_what_cannot_be_compared_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = regression(tmp_path)
    played(tmp_path, kept)

    def breaks(name: str) -> None:
        raise LabError("the store has gone")

    assert kept.storage is not None
    monkeypatch.setattr(kept.storage.store.reader, "find", breaks)
    kept.end(verdict=Verdict.PASS)
    assert kept.failed
    assert any(line == "NOT COMPARED: the store has gone" for line in kept.told())


def test_a_wrong_baseline_is_refused_and_leaves_the_store_closed(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text("nonsense")
    with pytest.raises(ScenarioError, match="cannot be used"):
        regression(tmp_path, baseline=str(path))
