"""`leak-harness diff`: exit codes of the contract, three ways of saying it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.baseline.approval import write_baseline
from harness.baseline.model import AppVersion
from harness.baseline.store import Store
from tests.baseline.baselines import baseline, entry
from tests.baseline.runs import alone_blind, put_run, record
from tests.cli.stored import call, said, three_releases


@pytest.mark.parametrize(
    ("before", "now", "code", "words"),
    [
        ("r1", "r3", 0, "nothing changed"),
        ("r1", "r2", 1, "LEAK   new recipient since 1.0: api-js.mixpanel.com"),
        ("r2", "r3", 0, "note   recipient gone since 2.0"),
        ("r2", "r2", 0, "nothing changed"),
        ("nosuch", "r2", 2, "there is no run 'nosuch'"),
    ],
)
def test_exit_codes(tmp_path: Path, before: str, now: str, code: int, words: str) -> None:
    result = call("diff", before, now, "--store", three_releases(tmp_path / "runs.db"))
    assert result.exit_code == code, said(result)
    assert words in said(result)


def test_a_run_that_could_not_see_is_inconclusive(tmp_path: Path) -> None:
    path = three_releases(tmp_path / "runs.db")
    with Store.open(path) as store:
        put_run(store, "r5", record(alone_blind(), "5.0"), at_s=1_770_000_000.0)
    result = call("diff", "r2", "r5", "--store", path)
    assert result.exit_code == 3
    assert "could not see everything" in said(result)
    assert "recipient gone" not in said(result)


def test_an_approved_file_can_be_the_first(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    write_baseline(baseline(entry()), path)
    store = three_releases(tmp_path / "runs.db")
    assert call("diff", str(path), "r2", "--store", store).exit_code == 1
    other = replace(baseline(), app=AppVersion("org.example.other"))
    write_baseline(other, path)
    result = call("diff", str(path), "r2", "--store", store)
    assert result.exit_code == 2
    assert "did not test this app" in said(result)
    assert call("diff", "r1", str(path), "--store", store).exit_code == 2


def test_json_and_markdown(tmp_path: Path) -> None:
    store = three_releases(tmp_path / "runs.db")
    result = call("diff", "r1", "r2", "--store", store, "--json", "-")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["changes"][0]["change"] == "new-recipient"
    target = tmp_path / "c.md"
    result = call("diff", "r1", "r2", "--store", store, "--markdown", str(target))
    assert "| leak | new-recipient | 1.0 |" in target.read_text("utf-8")
    assert "LEAK" in result.stdout
    both = call("diff", "r1", "r2", "--store", store, "--json", "-", "--markdown", "-")
    assert both.exit_code == 2


def test_no_store_is_told(tmp_path: Path) -> None:
    result = call("diff", "r1", "r2", "--store", str(tmp_path / "none.db"))
    assert result.exit_code == 2
    assert "there is no run store" in said(result)
