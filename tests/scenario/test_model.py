"""Scenarios are values: equal when built alike, never changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from tests.scenario.reading import HEADER, read


def test_equal_and_frozen() -> None:
    text = f"{HEADER}---\n- inputTerm\n"
    scenario = read(text)
    assert scenario == read(text)
    with pytest.raises(FrozenInstanceError):
        scenario.name = "other"  # type: ignore[misc]  # the point of the test
