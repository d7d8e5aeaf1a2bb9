"""A file is the old one or the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.virtual.device.whole_file import write_whole


def test_it_is_replaced(tmp_path: Path) -> None:
    write_whole(tmp_path / "f", "old")
    write_whole(tmp_path / "f", "néw")
    assert (tmp_path / "f").read_text(encoding="utf-8") == "néw"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_it_stays_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(folder, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
