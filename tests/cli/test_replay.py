"""`leak-harness replay`: runs and recordings, exit codes of the contract."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from harness.baseline.recorded import read_recording, write_recording
from harness.baseline.store import Store
from tests.baseline.runs import alone_blind, put_run, record
from tests.baseline.test_replaying import TRACKED, run_with
from tests.cli.stored import call, said


def runs(tmp_path: Path) -> str:
    """`clean`, `leaky`, `blind` and `killed`, whose exchanges hold what was found in them."""
    path = str(tmp_path / "runs.db")
    with Store.open(path) as store:
        put_run(store, "clean", record(run_with()))
        put_run(store, "leaky", record(run_with(TRACKED)))
        put_run(store, "blind", record(alone_blind()))
        put_run(store, "killed", record(run_with()), finished=False)
    return path


def test_exit_codes(tmp_path: Path) -> None:
    path = runs(tmp_path)
    names = ("clean", "leaky", "blind", "killed")
    codes = [call("replay", run, "--store", path).exit_code for run in names]
    assert codes == [0, 1, 3, 3]
    assert call("replay", "clean", "leaky", "--store", path).exit_code == 1
    assert call("replay", "nosuch", "--store", path).exit_code == 2
    assert call("replay").exit_code == 2


def test_recordings_need_no_store(tmp_path: Path) -> None:
    store = runs(tmp_path)
    file = tmp_path / "leaky.jsonl.zst"
    done = call("runs", "export", "leaky", str(file), "--store", store)
    assert "1 items, redacted" in said(done)
    result = call("replay", str(file), "--store", str(tmp_path / "none.db"))
    assert result.exit_code == 1
    assert "verdicts as before" in said(result)
    again = call("runs", "export", "leaky", str(file), "--store", store)
    assert again.exit_code == 2
    assert call("replay", str(tmp_path / "none.jsonl")).exit_code == 2


def test_a_changed_verdict_is_explained(tmp_path: Path) -> None:
    store = runs(tmp_path)
    file = tmp_path / "leaky.jsonl"
    call("runs", "export", "leaky", str(file), "--store", store)
    run = read_recording(file)
    (item,) = run.items
    other = tmp_path / "changed.jsonl"
    passed = replace(item.report.judgement, reasons=(), findings=())
    report = replace(item.report, judgement=passed)
    items = (replace(item, report=report),)
    write_recording(replace(run, items=items), other)
    result = call("replay", str(other), "--json", str(tmp_path / "out.json"))
    assert result.exit_code == 1
    assert "for other reasons" in said(result) or "-> leak" in said(result)
    assert "new: sent: api.tracker.example got" in said(result)
    value = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert (value["schema"], value["verdict"]) == (1, "leak")
    (scenario,) = value["runs"][0]["scenarios"]
    assert scenario["findings"][0]["recipient"]["host"] == "api.tracker.example"
    assert scenario["why"]


def test_json_on_stdout_is_json_alone(tmp_path: Path) -> None:
    store = runs(tmp_path)
    result = call("replay", "leaky", "--store", store, "--json", "-")
    assert json.loads(result.stdout)["verdict"] == "leak"
