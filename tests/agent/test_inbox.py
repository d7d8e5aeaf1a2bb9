"""Bounded hand-over, and what is missing of a sequence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.agent.inbox import Inbox, Sequence


def test_in_order_and_once() -> None:
    inbox = Inbox()
    inbox.put({"a": 1}, None)
    inbox.put({"a": 2}, b"xy")
    assert [raw.message for raw in inbox.take()] == [{"a": 1}, {"a": 2}]
    assert inbox.take() == []


def test_full_by_count_or_bytes_is_counted() -> None:
    few = Inbox(max_messages=2)
    small = Inbox(max_bytes=10)
    for _ in range(5):
        few.put({}, None)
        small.put({}, b"12345")
    assert (len(few.take()), few.refused) == (2, 3)
    assert (len(small.take()), small.refused) == (2, 3)
    small.put({}, b"12345")
    assert len(small.take()) == 1


@given(st.permutations(list(range(1, 30))), st.sets(st.integers(1, 29)))
def test_missing_counts_exactly_what_did_not_arrive(order: list[int], lost: set[int]) -> None:
    sequence = Sequence()
    for number in order:
        if number not in lost:
            sequence.arrived([number, number])
    sequence.announced(29)
    assert sequence.missing == len(lost)


def test_a_late_event_closes_its_gap() -> None:
    sequence = Sequence()
    sequence.arrived([1, 4])
    assert sequence.missing == 2
    sequence.arrived([3, 2])
    assert (sequence.missing, sequence.newest) == (0, 4)
