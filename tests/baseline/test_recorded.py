"""Runs as files: the same as in the store, refused when they are anything else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.baseline.recorded import RecordedRun, read_recording, stored_run, write_recording
from harness.baseline.store import Store
from harness.errors import LabError, ScenarioError
from harness.traffic.recording import Recorder
from tests.baseline.runs import LEAKY, put_run, record, redactor
from tests.findings.building import exchange


def recorded(tmp_path: Path, *, redact: bool = False, finished: bool = True) -> RecordedRun:
    unplayed = replace(record(name="b"), facts=None)
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "one", record(LEAKY, name="a"), unplayed, redact=redact, finished=finished)
        return stored_run(store.reader, store.reader.find("one"))


@pytest.mark.parametrize("name", ["run.jsonl", "run.jsonl.zst"])
def test_a_file_holds_the_whole_run(tmp_path: Path, name: str) -> None:
    run = recorded(tmp_path)
    path = tmp_path / name
    write_recording(run, path)
    assert read_recording(path) == replace(run, source=str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in run.items] == ["b", "a"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("mine")
    with pytest.raises(LabError, match="cannot be written"):
        write_recording(recorded(tmp_path), path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda lines: [b"{}", *lines[1:]], 1),
        (lambda lines: [b"", *lines], 1),
        (lambda lines: [lines[0].replace(b'"leak_recording":1', b'"leak_recording":9')], 1),
        (lambda lines: [lines[0], lines[3]], 2),
        (lambda lines: [*lines[:3], lines[3][:50]], 4),
        (lambda lines: [*lines[:3], lines[3].replace(b'"kind":"http"', b'"kind":"x"')], 4),
    ],
)
def test_damage_is_named_by_line(tmp_path: Path, damage: object, line: int) -> None:
    path = tmp_path / "run.jsonl"
    write_recording(recorded(tmp_path), path)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join(damage(lines)))  # type: ignore[operator]  # a function
    with pytest.raises(ScenarioError, match="no line of a recording") as raised:
        read_recording(path)
    assert raised.value.where == f"{path}:{line}"


def test_exchanges_alone_are_no_run(tmp_path: Path) -> None:
    path = tmp_path / "exchanges.jsonl"
    with Recorder(path, redactor()) as recorder:
        recorder.write([exchange()])
    with pytest.raises(ScenarioError, match="exchanges alone") as raised:
        read_recording(path)
    assert "runs export" in raised.value.action


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd broken")
    for each in (path, tmp_path / "none.jsonl"):
        with pytest.raises(ScenarioError, match="cannot be read"):
            read_recording(each)
    har = tmp_path / "a.har"
    har.write_text('{"log": {"entries": []}}')
    with pytest.raises(ScenarioError, match="no line of a recording") as raised:
        read_recording(har)
    assert "leak-harness scan" in raised.value.action
