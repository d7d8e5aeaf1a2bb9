"""What a test is told."""

from __future__ import annotations

from pathlib import Path

from harness.run.outcome import told_of
from tests.run.lab import bench


def test_a_leak_names_recipient_and_folder(tmp_path: Path) -> None:
    table = bench(tmp_path, leaky=True)
    table.search(0, "t")
    told = told_of(table.conductor.attempts("t"))
    assert told.leak
    assert "api.mixpanel.com" in told.text
    assert str(tmp_path) in told.text
    assert dict(told.properties)["leak.verdict"] == "leak"


def test_blindness_is_inconclusive(tmp_path: Path) -> None:
    table = bench(tmp_path, hooks="failed")
    table.search(0, "t")
    told = told_of(table.conductor.attempts("t"))
    assert (told.leak, told.inconclusive) == (False, True)
