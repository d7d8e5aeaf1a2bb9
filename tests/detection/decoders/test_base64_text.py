"""Base64 in both alphabets and in lines, by RFC 4648's vectors and the standard library."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.base64_text import decode_token, name_of, pieces

LIMIT = 1 << 20
TEXT = "Ich suche nach hépatite, seit gestern. ".encode() * 6


@given(st.binary(min_size=6, max_size=90))
def test_both_alphabets_come_back_without_padding(data: bytes) -> None:
    assert decode_token(base64.b64encode(data).rstrip(b"="), LIMIT) == data
    assert decode_token(base64.urlsafe_b64encode(data).rstrip(b"="), LIMIT) == data


def test_rfc_4648_vector() -> None:
    assert decode_token(b"Zm9vYmFy", LIMIT) == b"foobar"


def test_a_sign_too_many_is_left_out() -> None:
    assert decode_token(b"Zm9vYmFyQ", LIMIT) == b"foobar"


@pytest.mark.parametrize("token", [b"", b"Zm9vYm", b"$$$$$$$$$"])
def test_too_short_or_foreign(token: bytes) -> None:
    assert not decode_token(token, LIMIT)


def test_the_alphabet_is_named() -> None:
    assert name_of(b"ab-_") == "base64url"
    assert name_of(b"ab+/") == "base64"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("around", [(b"", b""), (b"data: ", b""), (b'{"a": 1}\n\n', b"\n--x")])
def test_lines_as_mime_and_android_break_them(end: bytes, around: tuple[bytes, bytes]) -> None:
    """76 characters a line (RFC 2045 section 6.8; `android.util.Base64.DEFAULT`)."""
    data = around[0] + base64.encodebytes(TEXT).replace(b"\n", end) + around[1]
    found = [piece for piece in pieces(data) if TEXT in piece.data]
    assert found
    assert base64.b64decode(data[found[0].start : found[0].end]) == TEXT


@pytest.mark.parametrize(
    "data", [b"", b"one line only", b"a\nb\nc\n", b"Words of a text in\nshort lines.\n" * 9]
)
def test_other_lines_are_left_alone(data: bytes) -> None:
    assert list(pieces(data)) == []
