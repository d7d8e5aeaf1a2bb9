"""`leak-harness report`: runs and recordings, where it is written, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.report import FORMATS
from tests.cli.stored import call, said, three_releases


@pytest.fixture
def store(tmp_path: Path) -> str:
    return three_releases(tmp_path / "runs.db")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written_for_its_owner(tmp_path: Path, store: str, name: str) -> None:
    file = tmp_path / f"out.{name}"
    result = call("report", "r2", "--store", store, "--output", str(file))
    assert result.exit_code == 0, said(result)
    assert f"({name}, leak)" in said(result)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"api-js.mixpanel.com" in file.read_bytes()
    again = call("report", "r2", "--store", store, "--format", name)
    assert again.stdout_bytes.replace(b"\r\n", b"\n") == file.read_bytes().replace(b"\r\n", b"\n")


def test_the_newest_run_as_markdown_is_the_default(store: str) -> None:
    result = call("report", "--store", store)
    assert result.exit_code == 0
    assert result.stdout.startswith("## INCONCLUSIVE: `org.example.clinic")
    assert "never finished" in result.stdout


def test_the_format_may_differ_from_the_suffix(tmp_path: Path, store: str) -> None:
    file = tmp_path / "out.txt"
    call("report", "r1", "--store", store, "--format", "csv", "--output", str(file))
    assert file.read_text("utf-8-sig").startswith('"run"')


def test_a_recording_is_reported_too(tmp_path: Path, store: str) -> None:
    file = tmp_path / "r2.jsonl.zst"
    call("runs", "export", "r2", str(file), "--store", store)
    stored = call("report", "r2", "--store", store).stdout.splitlines()
    recorded = call("report", str(file), "--store", str(tmp_path / "none.db"))
    assert recorded.exit_code == 0
    assert recorded.stdout.splitlines()[4:] == stored[4:]


def test_bad_input_overwrites_nothing(tmp_path: Path, store: str) -> None:
    file = tmp_path / "old.md"
    file.write_text("mine")
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{}\n")
    for arguments in (
        ("nosuch", "--store", store),
        ("r1", "--store", str(tmp_path / "missing.db")),
        (str(broken),),
        ("r1", "--store", store, "--format", "docx"),
    ):
        result = call("report", *arguments, "--output", str(file))
        assert result.exit_code == 2, said(result)
        assert "Traceback" not in said(result)
    assert file.read_text() == "mine"
    assert call("report", "r1", "--store", store, "--output", str(tmp_path)).exit_code == 2
    assert call("report", "r1", "--store", store, "--output", "/nowhere/x.md").exit_code == 2
