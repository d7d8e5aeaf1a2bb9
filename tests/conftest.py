"""What all tests share: pytest's own harness for plugins, and a clock that is moved by hand."""

from __future__ import annotations

import os
from importlib import import_module

import pytest
from hypothesis import HealthCheck, settings

from tests.fakes.clock import FakeClock

import_module("sqlalchemy.orm")
"""Before any test: what is first imported within a test of `pytester` is dropped at its end, and
SQLAlchemy's compiled parts do not bear being loaded twice."""


pytest_plugins = ["pytester"]

# Figures of speed belong to the benchmarks; a busy machine must not fail a test. CI repeats the
# same examples, so that a change is red only for what it changed.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")

os.environ["LEAK_STORE"] = "none"  # runs that tests start must not be compared with each other

DEVICE_RERUNS = int(os.environ.get("LEAK_DEVICE_RERUNS", "0"))
"""How often a test with a device in it may be tried again: `make test` sets 1, since two cores that
boot a device for every worker stall for seconds now and then. A test that needed it is told as
RERUN in the summary; without a device a test gets one try, and in `make check` each does."""

collect_ignore = ["corpus"]
"""Material of tests: its scenario files are read by them, not played."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if DEVICE_RERUNS:
        for item in items:
            if item.get_closest_marker("device"):
                item.add_marker(pytest.mark.flaky(reruns=DEVICE_RERUNS))


@pytest.fixture
def fake_clock() -> FakeClock:
    return FakeClock()
