"""The child process alone: what it says on stdout, and when it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def started(folder: Path, **changed: object) -> subprocess.Popen[str]:
    settings = {
        "confdir": str(folder / "ca"),
        "record": str(folder / "record.jsonl"),
        "control": str(folder / "control"),
        "dirs": [],
        "live": False,
    } | changed
    (folder / "ca").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "harness.virtual.internet.child", json.dumps(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_it_announces_its_port_and_ends_with_its_standard_input(tmp_path: Path) -> None:
    with started(tmp_path) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        said = json.loads(child.stdout.readline())
        assert 0 < said["port"] < 65536
        assert (tmp_path / "control").stat().st_mode & 0o777 == 0o600
        child.stdin.close()  # what happens when whoever started it dies
        assert child.wait(20) == 0
    assert not (tmp_path / "control").exists()
    first = json.loads((tmp_path / "record.jsonl").read_text().splitlines()[0])
    assert first["event"] == "start"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ("- {method: GET, status: many}\n", "status"),
        ("- {methd: GET}\n", "methd"),
    ],
)
def test_answers_that_cannot_be_used_are_told_before_it_listens(
    tmp_path: Path, answers: str, words: str
) -> None:
    folder = tmp_path / "internet"
    folder.mkdir()
    (folder / "api.example.yaml").write_text(answers)
    with started(tmp_path, dirs=[str(folder)]) as child:
        assert child.stdout is not None
        error = json.loads(child.stdout.readline())["error"]
        assert child.wait(20) == 1
    assert words in json.dumps(error)
    assert "api.example.yaml" in error["where"]


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with started(tmp_path, record=str(tmp_path / "no" / "folder" / "record.jsonl")) as child:
        assert child.stdout is not None
        error = json.loads(child.stdout.readline())["error"]
        assert child.wait(20) == 1
    assert "cannot start" in error["what"]
