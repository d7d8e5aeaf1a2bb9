"""What all tests share: pytest's own harness for plugins, and a clock that is moved by hand."""

from __future__ import annotations

import pytest

from tests.fakes.clock import FakeClock

pytest_plugins = ["pytester"]


@pytest.fixture
def fake_clock() -> FakeClock:
    return FakeClock()
