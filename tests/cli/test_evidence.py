"""`leak-harness evidence`: a bundle of a run, and what bad input gets."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.cli.stored import call, said, three_releases
from tests.cli.test_signing import key, needs_openssh


@pytest.fixture
def store(tmp_path: Path) -> str:
    return three_releases(tmp_path / "runs.db")


def test_a_bundle_is_written_and_verifies(tmp_path: Path, store: str) -> None:
    file = tmp_path / "r2.zip"
    result = call("evidence", "r2", str(file), "--store", store)
    assert result.exit_code == 0, said(result)
    assert "(leak, redacted)" in said(result)
    digest = said(result).splitlines()[-1].removeprefix("digest: ")
    checked = call("verify", str(file), "--digest", digest)
    assert checked.exit_code == 0
    assert "run r2, verdict leak" in said(checked)
    assert "(as told)" in said(checked)


def test_a_killed_run_is_told(tmp_path: Path, store: str) -> None:
    result = call("evidence", "r4", str(tmp_path / "r4.zip"), "--store", store)
    assert result.exit_code == 0
    assert "never finished" in said(result)


def test_bad_input_writes_nothing(tmp_path: Path, store: str) -> None:
    file = tmp_path / "b.zip"
    for arguments in (
        ("nosuch", str(file)),
        ("r1", str(tmp_path / "no" / "b.zip")),
        ("r1", str(file), "--sign", str(tmp_path / "nokey")),
    ):
        result = call("evidence", *arguments, "--store", store)
        assert result.exit_code == 2, said(result)
    assert not file.exists()
    file.write_text("mine")
    assert call("evidence", "r1", str(file), "--store", store).exit_code == 2
    assert file.read_text() == "mine"


@needs_openssh
def test_a_signed_bundle(tmp_path: Path, store: str) -> None:
    file, mine, other = tmp_path / "r2.zip", key(tmp_path), key(tmp_path, "other")
    result = call("evidence", "r2", str(file), "--store", store, "--sign", str(mine))
    assert result.exit_code == 0, said(result)
    assert call("verify", str(file), "--signed-by", f"{mine}.pub").exit_code == 0
    result = call("verify", str(file), "--signed-by", f"{other}.pub")
    assert result.exit_code == 2
    assert "not that of this key" in said(result)
    with zipfile.ZipFile(file) as bundle:
        assert bundle.namelist()[-1] == "manifest.json.sig"
