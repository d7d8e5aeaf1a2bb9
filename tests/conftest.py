"""What all tests share: pytest's own harness for plugins, and a clock that is moved by hand."""

from __future__ import annotations

import pytest

from tests.fakes.clock import FakeClock

pytest_plugins = ["pytester"]

collect_ignore = ["corpus"]
"""Material of tests: its scenario files are read by them, not played."""


@pytest.fixture
def fake_clock() -> FakeClock:
    return FakeClock()
