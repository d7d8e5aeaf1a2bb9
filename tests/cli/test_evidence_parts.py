"""The parts of a bundle: reports, exchanges, steps, pictures, and the scenario that was run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from harness.baseline.recorded import read_recording
from harness.baseline.store import Store
from harness.cli.evidence_parts import about, parts
from harness.cli.reported import of_store
from tests.baseline.runs import CLEAN, LEAKY, SCENARIO, folder_with, put_run, record

TEXT = b"appId: org.example.clinic\n---\n- launchApp\n"


def bundle(tmp_path: Path, *, redact: bool = True, scenario: bytes = TEXT) -> dict[str, bytes]:
    path = tmp_path / SCENARIO
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(scenario)
    with Store.open(str(tmp_path / "runs.db")) as store:
        folder = folder_with(tmp_path)
        digest = hashlib.sha256(TEXT).hexdigest()
        put_run(store, "one", record(LEAKY, folder=folder, scenario_sha256=digest), redact=redact)
        info = store.reader.find("one")
        reported = of_store(store.reader, info)
        assert about(info, reported)["verdict"] == "leak"
        pieces = parts(store.reader, info, reported, tmp_path)
        return {part.name: b"".join(part.pieces) for part in pieces}


def test_everything_is_in_it(tmp_path: Path) -> None:
    held = bundle(tmp_path)
    assert list(held)[:4] == ["README.txt", "verify.py", "run.json", "report.json"]
    assert b"<!DOCTYPE html>" in held["report.html"]
    assert held["report.md"].startswith(b"## LEAK")
    assert json.loads(held["run.har"])["log"]["version"] == "1.2"
    assert json.loads(held["run.sarif"])["version"] == "2.1.0"
    assert json.loads(held["report.json"])["verdict"] == "leak"
    assert held["items/0/screenshot.png"].startswith(b"\x89PNG")
    events = [json.loads(line) for line in held["items/0/events.jsonl"].splitlines()]
    assert [each["event"] for each in events] == ["ItemStarted", "StepStarted"]
    (tmp_path / "again.jsonl").write_bytes(held["recording.jsonl"])
    assert read_recording(tmp_path / "again.jsonl").items[0].report.verdict.value == "leak"
    for name in held:
        if name not in ("README.txt", "verify.py") and not name.startswith(("items/", "scen")):
            assert name.encode() in held["README.txt"]


def test_the_scenario_is_in_it_if_it_is_still_what_was_run(tmp_path: Path) -> None:
    held = bundle(tmp_path)
    assert held["scenarios/0-search.flow.yaml"] == TEXT
    assert json.loads(held["run.json"])["scenarios_absent"] == []


def test_a_scenario_that_has_changed_is_told_and_left_out(tmp_path: Path) -> None:
    held = bundle(tmp_path, scenario=b"other")
    assert not any(name.startswith("scenarios/") for name in held)
    (absent,) = json.loads(held["run.json"])["scenarios_absent"]
    assert "changed since" in absent


def test_redaction_and_its_rule_are_told(tmp_path: Path) -> None:
    told = json.loads(bundle(tmp_path)["run.json"])
    assert told["redacted"] is True
    assert "HMAC-SHA-256" in told["redaction"]
    (tmp_path / "open").mkdir()
    told = json.loads(bundle(tmp_path / "open", redact=False)["run.json"])
    assert (told["redacted"], told["items"][0]["exchanges_redacted"]) == (False, 0)
    assert "--leak-keep-secrets" in told["redaction"]


def test_a_killed_run_is_no_pass_in_any_part(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "one", record(CLEAN), finished=False)
        info = store.reader.find("one")
        reported = of_store(store.reader, info)
        held = {
            part.name: b"".join(part.pieces)
            for part in parts(store.reader, info, reported, tmp_path)
        }
    told = about(info, reported)
    assert (told["verdict"], told["complete"]) == ("inconclusive", False)
    for name in ("run.json", "report.json"):
        assert json.loads(held[name])["verdict"] == "inconclusive", name
    (sarif,) = json.loads(held["run.sarif"])["runs"]
    assert sarif["properties"]["verdict"] == "inconclusive"
