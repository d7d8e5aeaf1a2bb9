"""Times in reports."""

from __future__ import annotations

import pytest

from harness.report.moments import iso, minute


def test_times_are_spelled_in_utc() -> None:
    assert iso(1_000_000.125) == "1970-01-12T13:46:40.125Z"
    assert minute(1_000_000.125) == "1970-01-12 13:46 UTC"


@pytest.mark.parametrize("at_s", [None, float("inf"), float("nan"), 1e300, -1e300])
def test_a_time_that_no_calendar_has_is_the_first(at_s: float | None) -> None:
    assert iso(at_s) == "1970-01-01T00:00:00.000Z"
