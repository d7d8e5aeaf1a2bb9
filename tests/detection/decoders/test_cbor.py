"""CBOR, against cbor2's encoder and examples of RFC 8949."""

from __future__ import annotations

import time

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.cbor import pieces

LIMIT = 1 << 20
TREES = st.recursive(
    st.text(max_size=12) | st.binary(max_size=12) | st.integers() | st.none() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


def strings(data: bytes) -> list[bytes]:
    return [piece.data for piece in pieces(data, LIMIT)]


@given(TREES, st.text(min_size=1))
def test_every_string_of_any_tree_with_its_place(tree: object, text: str) -> None:
    data = cbor2.dumps({"k": [tree, text]})
    found = list(pieces(data, LIMIT))
    assert text.encode() in [piece.data for piece in found]
    for piece in found:
        assert data[piece.start : piece.end] == piece.data


def test_examples_of_the_standard() -> None:
    """RFC 8949, appendix A."""
    assert strings(bytes.fromhex("826161a161626163")) == [b"a", b"b", b"c"]
    assert strings(bytes.fromhex("62c3bc")) == ["ü".encode()]


def test_strings_in_chunks_are_put_together() -> None:
    """RFC 8949 section 3.2.3: `(_ "hepa", "tite")`; the whole of the data is its place."""
    data = b"\xa1\x61q\x7f\x64hepa\x64tite\xff"
    (key, value) = pieces(data, LIMIT)
    assert (key.data, value.data) == (b"q", b"hepatite")
    assert (value.start, value.end) == (0, len(data))


@pytest.mark.parametrize(
    "tree",
    [
        cbor2.CBORTag(55799, {"q": "hépatite"}),
        {"t": cbor2.CBORTag(999, ["hépatite"])},
        {"s": {"hépatite"}},
    ],
)
def test_tagged_values_and_sets(tree: object) -> None:
    assert "hépatite".encode() in strings(cbor2.dumps(tree))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x61a", b"\x81" * 100_000, b"\x9a\xff\xff\xff\xffaaaa",
        b"\x5b\x00\x00\x00\x7f\xff\xff\xff\xffa", cbor2.dumps(["a"]) + b"x",
        cbor2.dumps(["ab"])[:-1],        b"{\"q\": 1}", cbor2.dumps(7000),
    ],
    ids=lambda data: data[:8].hex(),
)  # fmt: skip
def test_not_exactly_one_item(data: bytes) -> None:
    assert strings(data) == []


def test_a_value_that_holds_itself_ends() -> None:
    """Shared values (tags 28 and 29): an array whose only element is the array."""
    before = time.process_time()
    found = list(pieces(b"\xd8\x1c\x81\xd8\x1d\x00", LIMIT))
    assert time.process_time() - before < 2
    assert all(piece.cut for piece in found)


def test_a_sequence() -> None:
    data = cbor2.dumps({"q": "hépatite"}) + cbor2.dumps(["cancer"]) + cbor2.dumps("covid")
    assert strings(data) == [b"q", "hépatite".encode(), b"cancer", b"covid"]
    assert strings(data[:-1]) == strings(data + b"\x05") == []
