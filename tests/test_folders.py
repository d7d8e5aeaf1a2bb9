"""Folders are tried before long work; files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.errors import LabError, ScenarioError
from harness.folders import usable_folder, write_whole


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    usable_folder(tmp_path / "a" / "b", "--output")
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("path", ["file", "file/below", "/proc/nope"])
def test_what_cannot_be_written_is_refused_by_its_option(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ScenarioError, match="--output") as refused:
        usable_folder(tmp_path / path, "--output")
    assert refused.value.seen
    assert refused.value.action == "name another folder: --output DIR"


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b", b"new", "the list", "choose another")
    assert (tmp_path / "a" / "b").read_bytes() == b"new"


def test_what_was_there_stays_if_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "b"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LabError, match="the list cannot be written") as refused:
        write_whole(path, b"new", "the list", "choose another")
    assert (refused.value.seen, refused.value.action) == (
        "No space left on device",
        "choose another",
    )
    assert [each.name for each in tmp_path.iterdir()] == ["b"]
    assert path.read_bytes() == b"old"
