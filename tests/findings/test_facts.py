"""The day on which waivers are looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from harness.findings.coverage import Coverage
from harness.findings.facts import ItemFacts
from tests.findings.building import CHECK, facts


def test_the_day_is_that_of_the_end_in_utc() -> None:
    end = datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC).timestamp()
    assert replace(facts(), ended_s=end).day == date(2026, 3, 1)
    assert replace(facts(), ended_s=end - 2).day == date(2026, 2, 28)


def test_nothing_is_taken_for_granted() -> None:
    bare = ItemFacts("i", "t", "p", 0.0, None, 1.0, CHECK)
    assert not bare.typing_confirmed
    assert (bare.judged, bare.coverage) == ((), Coverage())
