"""Outcomes: shown without a traceback, not swallowed by the code under test."""

from __future__ import annotations

import pytest

from harness.outcomes import Inconclusive, LeakFound


@pytest.mark.parametrize("kind", [LeakFound, Inconclusive])
def test_no_except_exception_takes_them(kind: type[LeakFound] | type[Inconclusive]) -> None:
    assert not issubclass(kind, Exception)
    assert issubclass(kind, pytest.fail.Exception)
    assert kind("words").pytrace is False
    assert str(kind("words")) == "words"
