"""Deadlines and waiting."""

from __future__ import annotations

import pytest

from harness.clock import Deadline, SystemClock, wait_until
from tests.fakes.clock import FakeClock


def test_waiting_ends_with_the_condition(fake_clock: FakeClock) -> None:
    happened: list[int] = []
    fake_clock.at(1.0, lambda: happened.append(1))
    assert wait_until(fake_clock, lambda: bool(happened), 5.0)
    assert fake_clock.now() == pytest.approx(101.0, abs=0.06)


def test_waiting_ends_with_the_deadline_and_looks_once_more(fake_clock: FakeClock) -> None:
    looks: list[float] = []
    assert not wait_until(fake_clock, lambda: bool(looks.append(fake_clock.now())), 1.0, 0.3)
    assert looks[-1] == pytest.approx(101.0)


def test_no_time_still_means_one_look(fake_clock: FakeClock) -> None:
    assert wait_until(fake_clock, lambda: True, 0.0)


def test_deadlines(fake_clock: FakeClock) -> None:
    deadline = Deadline.after(fake_clock, 2.0)
    fake_clock.sleep(1.5)
    assert (deadline.remaining_s, deadline.passed) == (pytest.approx(0.5), False)
    fake_clock.sleep(1.0)
    assert (deadline.remaining_s, deadline.passed) == (0.0, True)


def test_the_systems_clock_moves() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.001)
    assert clock.now() > before
    assert clock.wall() > 1_700_000_000
