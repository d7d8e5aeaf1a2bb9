"""MessagePack, against the reference encoder of the format's authors."""

from __future__ import annotations

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.messagepack import pieces

LIMIT = 1 << 20
NUMBERS = st.integers(-(2**63), 2**64 - 1)
TREES = st.recursive(
    st.text(max_size=12) | st.binary(max_size=12) | NUMBERS | st.none() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


def strings(data: bytes) -> list[bytes]:
    return [piece.data for piece in pieces(data, LIMIT)]


@given(TREES, st.text(min_size=1))
def test_every_string_of_any_tree_with_its_place(tree: object, text: str) -> None:
    data = msgpack.packb({"k": [tree, text]})
    found = list(pieces(data, LIMIT))
    assert text.encode() in [piece.data for piece in found]
    for piece in found:
        assert data[piece.start : piece.end] == piece.data


def test_extensions_times_and_repeated_keys() -> None:
    tree = {"c": msgpack.ExtType(5, b"covid19"), "t": msgpack.Timestamp(1, 2)}
    assert b"covid19" in strings(msgpack.packb(tree))
    assert strings(b"\x82\xa1a\xa1b\xa1a\xa1c") == [b"a", b"b", b"a", b"c"]


def test_example_of_the_formats_home() -> None:
    """msgpack.org: {"compact":true,"schema":0} in 18 bytes."""
    data = bytes.fromhex("82a7636f6d70616374c3a6736368656d6100")
    assert strings(data) == [b"compact", b"schema"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xa1a", b"\x91" * 100_000, b"\xdd\xff\xff\xff\xffaaaa", b"\xc1\xc1\xc1",
        msgpack.packb(["ab"]) + b"x", msgpack.packb(["ab"])[:-1], b"\xdb\x7f\xff\xff\xffab",
        b"{\"q\": 1}",
    ],
    ids=lambda data: data[:8].hex(),
)  # fmt: skip
def test_not_exactly_one_value(data: bytes) -> None:
    assert strings(data) == []


def test_values_in_a_row() -> None:
    data = msgpack.packb({"q": "hépatite"}) + msgpack.packb(["cancer"]) + msgpack.packb("covid")
    assert strings(data) == [b"q", "hépatite".encode(), b"cancer", b"covid"]
    assert strings(data[:-1]) == strings(data + b"\x05") == strings(data + b"\xc1") == []
