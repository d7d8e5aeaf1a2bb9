"""Base85 in three alphabets: encoders of the standard library, ZeroMQ's published vector."""

from __future__ import annotations

import base64
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.base85 import (
    MAX_CHARS,
    decode_a85,
    decode_b85,
    decode_z85,
    pieces,
)

LIMIT = 1 << 20
WORDS = st.text('abcdefghijklmnop äöüé{}:"', min_size=6, max_size=60).map(str.encode)


@given(WORDS)
def test_readable_text_comes_back(data: bytes) -> None:
    assert decode_b85(base64.b85encode(data), LIMIT) == data
    assert decode_a85(base64.a85encode(data), LIMIT) == data
    assert decode_a85(base64.a85encode(data, adobe=True), LIMIT) == data


def test_z85_vector() -> None:
    """rfc.zeromq.org/spec/32, "Test case"."""
    assert decode_z85(b"HelloWorld", LIMIT) == bytes.fromhex("864fd26fb559f75b")


def test_a_compressed_stream_is_promising_too() -> None:
    packed = zlib.compress(b"hello hello hello")
    assert decode_b85(base64.b85encode(packed), LIMIT) == packed


@pytest.mark.parametrize("decode", [decode_b85, decode_a85, decode_z85])
@pytest.mark.parametrize("token", [b"", b"short", b"with blank", b"\xff" * 20, b"~" * 20])
def test_what_is_none_of_them(decode: object, token: bytes) -> None:
    assert callable(decode)
    assert decode(token, LIMIT) is None


def test_random_ids_are_not_decoded_in_full() -> None:
    assert decode_b85(base64.b85encode(hashlib.sha256(b"id").digest()), LIMIT) is None
    assert decode_b85(b"0" * (MAX_CHARS + 5), LIMIT) is None


def test_adobes_marks_are_found_anywhere() -> None:
    data = b"before " + base64.a85encode("hépatite B".encode(), adobe=True) + b" after <~ ~>"
    (piece,) = pieces(data)
    assert piece.data == "hépatite B".encode()
    assert data[piece.start : piece.end].startswith(b"<~")
    assert list(pieces(b"<~ is no mark")) == []
