"""From which size on what cannot be read is told."""

from __future__ import annotations

import pytest

from harness.detection.parts import Part
from harness.detection.search import Reading
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
    ("size", "opaque", "told"),
    [
        (1000, HIDING_BYTES, True),
        (1000, HIDING_BYTES - 1, False),
        (128, 64, True),
        (100, 63, False),
    ],
)
def test_encoded_values_beside_text(size: int, opaque: int, told: bool) -> None:
    assert bool(reasons(body(b"a" * size), Reading(True, opaque))) is told


def test_a_url_is_told_by_its_size_alone_and_a_header_never() -> None:
    assert reasons(Part("url", b"a" * 300), Reading(True, HIDING_BYTES))
    assert not reasons(Part("url", b"a" * 100), Reading(True, 99))
    assert not reasons(Part("header[x]", b"a" * 900), Reading(True, 900))
