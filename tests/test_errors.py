"""Errors: one rendering, sorted by fault; nearest names."""

from __future__ import annotations

import pytest

from harness.errors import BugError, HarnessError, LabError, ScenarioError, nearest


def test_all_parts_are_rendered_in_order() -> None:
    error = LabError("no answer", where="fake-1: getprop", seen="x", expected="y", action="try z")
    assert str(error) == (
        "fake-1: getprop: no answer\n  seen:     x\n  expected: y\n  do:       try z"
    )


def test_empty_parts_are_left_out() -> None:
    assert str(HarnessError("no answer")) == "no answer"


@pytest.mark.parametrize(
    ("kind", "fault"), [(ScenarioError, "scenario"), (LabError, "lab"), (BugError, "bug")]
)
def test_faults(kind: type[HarnessError], fault: str) -> None:
    assert kind("x").fault == fault
    assert isinstance(kind("x"), HarnessError)


def test_nearest() -> None:
    assert nearest("inputTrem", ["inputTerm", "tapOn"]) == "inputTerm"
    assert nearest("zzz", ["inputTerm", "tapOn"]) == ""
