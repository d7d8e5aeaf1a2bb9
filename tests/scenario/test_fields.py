"""Coercion of values."""

from __future__ import annotations

import pytest

from harness.scenario.model import LaunchApp, WaitForAnimation
from harness.scenario.place import PlacedError
from tests.scenario.reading import one, steps


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("Yes", True), ("on", True), ("FALSE", False), ("no", False)],
)
def test_flags(word: str, value: bool) -> None:
    assert one(f"- launchApp: {{clearState: {word}}}").args == LaunchApp(clear_state=value)


def test_numbers_may_be_grouped() -> None:
    assert one("- waitForAnimationToEnd: {timeout: 1_500}").args == WaitForAnimation(1500)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("soon", "`timeout` must be a whole number"),
        ("1.5", "`timeout` must be a whole number"),
        ("٣", "`timeout` must be a whole number"),
        ("-1", "`timeout` is out of range"),
        ("9" * 50, "`timeout` is out of range"),
        ("[1]", "`timeout` must be a text"),
        ("", "`timeout` has no value"),
    ],
)
def test_what_is_no_number(value: str, what: str) -> None:
    with pytest.raises(PlacedError) as caught:
        steps(f"- waitForAnimationToEnd: {{timeout: {value}}}")
    assert caught.value.what == what
