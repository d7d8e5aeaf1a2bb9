"""What any decompressor may produce."""

from __future__ import annotations

import pytest

from harness.detection.decoders.bounded import (
    FREE_BYTES,
    MAX_RATIO,
    STEP_BYTES,
    allowance,
    drain,
)


@pytest.mark.parametrize(
    ("encoded", "limit", "allowed"),
    [
        (10, 1 << 30, FREE_BYTES),
        (10, 500, 500),
        (FREE_BYTES, 1 << 30, FREE_BYTES * MAX_RATIO),
        (FREE_BYTES, 1 << 25, 1 << 25),
    ],
)
def test_the_smaller_of_ratio_and_limit_but_small_bodies_are_free(
    encoded: int, limit: int, allowed: int
) -> None:
    assert allowance(encoded, limit) == allowed


class Source:
    """Gives `size` bytes, never more at once than asked for."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.asked: list[int] = []

    def step(self, max_bytes: int) -> bytes:
        self.asked.append(max_bytes)
        part = bytes(min(max_bytes, self.left))
        self.left -= len(part)
        return part


@pytest.mark.parametrize("size", [0, 1, STEP_BYTES, STEP_BYTES + 1, 3 * STEP_BYTES])
def test_all_of_it_within_the_limit(size: int) -> None:
    data, cut = drain(Source(size).step, 10, 1 << 30)
    assert (len(data), cut) == (size, False)


def test_exactly_the_limit_is_not_cut_and_one_more_is() -> None:
    assert drain(Source(1000).step, 10, 1000) == (bytes(1000), False)
    source = Source(1001)
    assert drain(source.step, 10, 1000) == (bytes(1000), True)
    assert max(source.asked) <= 1000
