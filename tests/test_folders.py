"""Folders are tried before long work."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.folders import usable_folder


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
