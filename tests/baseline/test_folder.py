"""An item's folder: whole lines, known files, no links."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.baseline import folder
from tests.baseline.runs import folder_with


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    events = list(folder.events_of(folder_with(tmp_path)))
    assert [each.event for each in events] == ["ItemStarted", "StepStarted"]
    assert events[1].fields == {"number": 1, "kind": "launchApp"}


def test_no_log_is_no_events(tmp_path: Path) -> None:
    assert list(folder.events_of(tmp_path)) == []


def test_pictures_also_in_folders_and_never_links(tmp_path: Path) -> None:
    item = folder_with(tmp_path)
    (item / "steps").mkdir()
    (item / "steps" / "1.png").write_bytes(b"one")
    (item / "passwd.txt").symlink_to("/etc/passwd")
    found = {artifact.name: data for artifact, data in folder.artifacts_of(item)}
    assert set(found) == {"screenshot.png", "steps/1.png"}
    assert found["steps/1.png"] == b"one"


def test_a_file_that_is_too_large_is_named_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MAX_FILE_BYTES", 3)
    ((artifact, data),) = folder.artifacts_of(folder_with(tmp_path))
    assert (artifact.kept, data) == (False, None)
    assert len(artifact.sha256) == 64
