"""Protocol Buffers without a schema, by the encoding guide's examples and bbpb's encoder."""

from __future__ import annotations

import time
from typing import Any

import blackboxprotobuf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.protobuf import MAX_DEPTH, fields, leaves, pieces

LIMIT = 1 << 20
KINDS: Any = {
    "1": {"type": "int"},
    "2": {"type": "bytes"},
    "3": {"type": "message", "message_typedef": {"7": {"type": "bytes"}, "8": {"type": "double"}}},
    "4": {"type": "fixed32"},
}


TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)
"""No control characters: bytes with some may as well be a message, and are read as one."""


@given(TYPED, st.integers(0, 2**40), st.floats(allow_nan=False))
def test_every_text_of_a_message_with_its_place(text: str, number: int, real: float) -> None:
    raw = text.encode()
    tree: dict[str | int, Any] = {"1": number, "2": raw, "3": {"7": raw, "8": real}, "4": 9}
    data = bytes(blackboxprotobuf.encode_message(tree, KINDS))
    found = list(pieces(data, LIMIT))
    assert all(data[piece.start : piece.end] == piece.data for piece in found)
    assert b"".join(piece.data for piece in found).count(raw) >= 1
    paths = [path for path, _, _ in leaves(data, 0, len(data))]
    assert (2,) in {path[:1] for path in paths}


def test_examples_of_the_encoding_guide() -> None:
    """protobuf.dev/programming-guides/encoding: Test2 "testing", and Test3 around Test1."""
    (piece,) = pieces(bytes.fromhex("120774657374696e67"), LIMIT)
    assert (piece.data, piece.start, piece.end) == (b"testing", 2, 9)
    assert fields(bytes.fromhex("1a03089601"), 0, 5) == [(3, 2, 5)]


def test_groups_are_gone_through() -> None:
    """Deprecated but on the wire: field 1 as a group with a string in it."""
    data = b"\x0b\x12\x05hello\x0c"
    assert [piece.data for piece in pieces(data, LIMIT)] == [b"hello"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x0a", b"\x0a\x05hell", b"\x02\x05hello", b"\x08\x96", b"\x0f\x05hello",
        b"\x09\x01\x02", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a", b"plain words",
    ],
)  # fmt: skip
def test_what_does_not_fill_its_bytes_exactly(data: bytes) -> None:
    assert list(pieces(data, LIMIT)) == []


def test_deep_nesting_ends_and_costs_little() -> None:
    data = b"\x12\x02\x01\x01"
    for _ in range(3 * MAX_DEPTH):
        size = len(data)
        data = (
            b"\x0a"
            + (bytes((size,)) if size < 128 else bytes((size & 127 | 128, size >> 7)))
            + data
        )
    before = time.process_time()
    found = list(pieces(data, LIMIT))
    assert time.process_time() - before < 2
    assert len(found) == 1
