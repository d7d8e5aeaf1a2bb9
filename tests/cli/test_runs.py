"""`leak-harness runs`: list, show, prune."""

from __future__ import annotations

import json
from pathlib import Path

from harness.baseline.store import Store
from tests.cli.stored import call, said, three_releases


def test_list_is_newest_first_and_marks_what_was_never_finished(tmp_path: Path) -> None:
    store = three_releases(tmp_path / "runs.db")
    lines = said(call("runs", "list", "--store", store)).splitlines()
    assert [line.split()[1] for line in lines] == ["r4", "r3", "r2", "r1"]
    assert [line.split()[0] for line in lines] == ["pass", "pass", "leak", "pass"]
    assert "INCOMPLETE" in lines[0]
    assert "org.example.clinic 2.0, 1 item" in lines[2]
    assert len(said(call("runs", "list", "--store", store, "--limit", "2")).splitlines()) == 2
    none = call("runs", "list", "--store", store, "--app", "org.example.other")
    assert said(none) == "no runs are stored\n"


def test_list_for_programs(tmp_path: Path) -> None:
    result = call("runs", "list", "--json", "--store", three_releases(tmp_path / "runs.db"))
    runs = json.loads(result.stdout)
    newest = runs[0]
    assert (newest["id"], newest["complete"], newest["verdict"]) == ("r4", False, "pass")
    assert runs[2]["apps"][0]["version_name"] == "2.0"


def test_show(tmp_path: Path) -> None:
    store = three_releases(tmp_path / "runs.db")
    text = said(call("runs", "show", "r2", "--store", store))
    assert "run r2, 2025-10-09" in text
    assert "1 item: 1 leak" in text
    assert "api-js.mixpanel.com" in text
    document = json.loads(call("runs", "show", "r2", "--json", "--store", store).stdout)
    assert (document["verdict"], document["run"], document["complete"]) == ("leak", "r2", True)


def test_show_everybody_an_app_talked_to(tmp_path: Path) -> None:
    store = three_releases(tmp_path / "runs.db")
    text = said(call("runs", "show", "latest", "--contacts", "--store", store))
    (row,) = [line for line in text.splitlines() if "api-js.mixpanel.com" in line]
    assert row.split()[-6:] == ["2.0..2.0", "1", "runs", "GOT", "A", "TERM"]


def test_prune_says_what_would_go_and_takes_whole_runs(tmp_path: Path) -> None:
    store = three_releases(tmp_path / "runs.db")
    rule = ("--keep", "1", "--older-than", "0")
    text = said(call("runs", "prune", *rule, "--dry-run", "--store", store))
    assert [line for line in text.splitlines() if "would go" in line] == [
        "would go: r3",
        "would go: r2",
        "would go: r1",
    ]
    assert "gone: r2" in said(call("runs", "prune", "--run", "r2", "--store", store))
    assert "gone: r1" in said(call("runs", "prune", *rule, "--store", store))
    with Store.open(store) as opened:
        assert [run.id for run in opened.reader.runs()] == ["r4"]
    assert call("runs", "prune", "--run", "r2", "--store", store).exit_code == 2


def test_a_damaged_store_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    path.write_bytes(b"nonsense" * 100)
    result = call("runs", "list", "--store", str(path))
    assert result.exit_code == 2
    assert "damaged, or is no run store" in said(result)
