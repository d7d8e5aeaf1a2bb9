"""The ladder of fixtures: names and scopes are public, each rung can be overridden."""

from __future__ import annotations

import inspect

import pytest

from harness import fixtures
from harness.errors import LabError
from harness.outcomes import Inconclusive

RUNGS = {
    "leak_settings": "session", "leak_report": "session", "leak_clock": "session",
    "leak_provider": "session", "leak_device": "session", "leak_screen": "session",
    "leak_hands": "session", "leak_catalogue": "session", "leak_scanner": "session",
    "leak_ledger": "session", "leak_conductor": "session", "leak_result": "function",
    "leak_regression": "session",
    "leak_run": "function",
}  # fmt: skip


def test_names_and_scopes(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--fixtures", "-v")
    for name, scope in RUNGS.items():
        suffix = " [[]session scope[]]" if scope == "session" else ""
        result.stdout.fnmatch_lines([f"{name}{suffix} -- *"])


def test_every_fixture_is_ours_by_name_and_documented() -> None:
    """Other plugins have fixtures called `device` or `app`; ours must not get in their way."""
    named = {name for name in vars(fixtures) if name.startswith("leak_")}
    assert named == set(RUNGS)
    assert all(inspect.getdoc(getattr(fixtures, name)) for name in named)


def test_an_error_of_the_lab_is_its_text() -> None:
    with pytest.raises(Inconclusive, match="no device") as caught, fixtures.told():
        raise LabError("no device", action="start one")
    assert "start one" in str(caught.value)
