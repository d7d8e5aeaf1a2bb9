"""Ranges lead back to the raw bytes, and only decoders that were needed are named."""

from __future__ import annotations

from harness.detection.views import Piece, Segments, View, gaps, lazily, shifted


def test_segments_map_a_child_range_to_its_parent() -> None:
    """`a%20b%C3%A9c`: the child is `a b` + two bytes + `c`."""
    parent = b"a%20b%C3%A9c"
    segments = Segments.of([(1, 3, 1), (5, 3, 1), (8, 3, 1)])
    assert segments == Segments.even([1, 5, 8], 3, 1)
    child = b"a b\xc3\xa9c"
    for start in range(len(child)):
        low, high = segments.to_parent(start, start + 1)
        shown = parent[low:high]
        assert shown == child[start : start + 1] or shown.startswith(b"%")
    assert segments.to_parent(2, 5) == (4, 11)


def test_a_decoder_that_left_the_bytes_alone_is_not_named() -> None:
    root = View(b"x%20term")
    segments = Segments.of([(1, 3, 1)])
    child = root.child(Piece("percent", 0, 8, b"x term", lazily(lambda: segments)))
    assert child.trace(2, 6) == ((), (4, 8))
    assert child.trace(1, 6) == (("percent",), (1, 8))


def test_an_opaque_step_points_at_the_whole_encoded_value() -> None:
    root = View(b"d=ENCODED&x")
    slice_ = root.child(Piece("multipart", 2, 9, b"ENCODED", shifted(2)))
    inner = slice_.child(Piece("base64", 0, 7, b"the term"))
    assert inner.trace(4, 8) == (("base64",), (2, 9))
    assert inner.depth == 2


def test_gaps_are_what_no_piece_accounts_for() -> None:
    pieces = [Piece("x", 6, 9, b""), Piece("x", 2, 4, b""), Piece("x", 3, 5, b"")]
    assert list(gaps(12, pieces)) == [(0, 2), (5, 6), (9, 12)]
    assert list(gaps(3, [])) == [(0, 3)]
    assert list(gaps(0, [])) == []


def test_a_view_below_a_twin_points_at_the_twins_place() -> None:
    root = View(b"ENC ENC")
    first, second = (root.child(Piece("hex", at, at + 3, b"x(term)")) for at in (0, 4))
    inner = first.child(Piece("gzip", 1, 7, b"term"))
    assert inner.trace(0, 4) == (("hex", "gzip"), (0, 3))
    assert inner.moved(first, second).trace(0, 4) == (("hex", "gzip"), (4, 7))
