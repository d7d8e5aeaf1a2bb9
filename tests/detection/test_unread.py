"""From which size on what cannot be read is told."""

from __future__ import annotations

import pytest

from harness.detection.parts import Part
from harness.detection.reading import Reading
from harness.detection.unread import HIDING_BYTES, complete, unread_in
from harness.traffic.exchange import Body

NOISE = bytes(range(256)) * 2


def reasons(part: Part, reading: Reading) -> list[str]:
    return [unread.reason for unread in unread_in(part, reading)]


def body(data: bytes, unread: str = "", size: int = -1) -> Part:
    return Part("body", data, Body(data, len(data) if size < 0 else size, unread))


def test_bodies_that_are_not_all_there() -> None:
    assert reasons(body(b"", "cut"), Reading(True)) == ["cut"]
    assert reasons(body(b"abcd", size=9), Reading(True)) == ["only 4 of 9 bytes were seen"]
    assert complete(None)
    assert not complete(Body(b"", 3))


def test_bytes_that_nothing_explains() -> None:
    (reason,) = reasons(body(NOISE), Reading(False))
    assert reason.startswith("high entropy")
    assert reasons(body(b"\x01\x02"), Reading(False)) == []


@pytest.mark.parametrize(
    ("size", "opaque", "small", "told"),
    [
        (1000, HIDING_BYTES, 0, True),
        (1000, HIDING_BYTES - 1, 0, False),
        (1000, 0, HIDING_BYTES, False),
        (128, 64, 0, True),
        (129, 64, 0, False),
        (86, 0, 43, True),
        (87, 0, 43, False),
        (60, 0, 42, False),
    ],
)
@pytest.mark.parametrize("part", ["url", "body"])
def test_encoded_values_beside_text(
    size: int, opaque: int, small: int, told: bool, part: str
) -> None:
    whole = body(b"a" * size)._replace(name=part)
    assert bool(reasons(whole, Reading(True, opaque, small_bytes=small))) is told


def test_a_header_is_never_told() -> None:
    assert not reasons(Part("header[x]", b"a" * 900), Reading(True, 900))
