"""The defaults of a lab keep nothing and compare with nothing."""

from __future__ import annotations

from pathlib import Path

from harness.findings.verdict import judge
from harness.run.lab import NoReference, nowhere
from tests.findings.building import facts
from tests.run.lab import bench


def test_no_reference_changes_nothing() -> None:
    judgement = judge(facts())
    assert NoReference().review("a.yaml", facts(), judgement) is judgement
    assert NoReference().accepted("a") == ()


def test_a_lab_keeps_nothing_by_itself(tmp_path: Path) -> None:
    table = bench(tmp_path)
    assert table.conductor.lab.on_result is nowhere
    table.search(0)
    assert not list(tmp_path.glob("*.db"))
