"""Strings of a decoded tree and their places in its bytes."""

from __future__ import annotations

import time

import pytest
from cbor2 import CBORTag

from harness.detection.decoders.packed import MAX_LEAVES, TooManyError, leaves, located


def test_order_keys_included() -> None:
    tree = {"a": ["b", ("c", b"d")], "e": bytearray(b"f"), "n": 1, "x": None}
    assert list(leaves(tree)) == [b"a", b"b", b"c", b"d", b"e", b"f", b"n", b"x"]
    assert list(leaves(CBORTag(1, frozenset({"g"})))) == [b"g"]
    assert list(leaves("\ud800")) == [b"\xed\xa0\x80"]


def test_equal_strings_have_a_place_each() -> None:
    found = list(located("x", b"-ab-ab-", ["ab", "ab"]))
    assert [(piece.start, piece.end) for piece in found] == [(1, 3), (4, 6)]
    assert found[1].mapping is not None
    assert found[1].mapping(0, 1) == (4, 5)


def test_out_of_order_is_searched_from_the_start() -> None:
    assert [piece.start for piece in located("x", b"-ab-cd-", ["cd", "ab"])] == [4, 1]


def test_scattered_strings_come_last_and_point_at_all() -> None:
    (ab, rest) = located("x", b"-ab-", ["h-e-p", "ab", "t-i"])
    assert ab.data == b"ab"
    assert (rest.start, rest.end, rest.data, rest.cut) == (0, 4, b"h-e-p\nt-i", False)


def test_looking_in_vain_is_bounded() -> None:
    data = b"\x00" * 400_000
    before = time.process_time()
    (piece,) = located("x", data, [f"string {number}" for number in range(MAX_LEAVES - 1)])
    assert time.process_time() - before < 3
    assert piece.data.endswith(b"string %d" % (MAX_LEAVES - 2))


def test_too_many_nodes_are_told() -> None:
    tree = ["a"] * MAX_LEAVES
    with pytest.raises(TooManyError):
        list(leaves(tree))
    assert list(located("x", b"a" * MAX_LEAVES, tree))[-1].cut
