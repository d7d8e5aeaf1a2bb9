"""Percent and form encoding, against urllib's encoders and WHATWG's rules."""

from __future__ import annotations

import zlib
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.percent import is_form, pieces, unquoted

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80)


@given(TEXT)
def test_what_urllib_quotes_comes_back(text: str) -> None:
    (piece, *_) = pieces(quote(f"{text}é", safe="").encode())
    assert piece.data == f"{text}é".encode()


@given(st.binary(max_size=400))
def test_the_fast_way_gives_what_urllib_gives(data: bytes) -> None:
    for text in (quote_from_bytes(data, safe="").encode(), data, data + b"%25" * 50 + b"%2541"):
        assert unquoted(text) == unquote_to_bytes(text)


def test_a_form_keeps_its_separators_apart_from_decoded_ones() -> None:
    data = urlencode({"q": "a&b=c d+é", "n": "1"}).encode()
    (piece,) = pieces(data)
    assert piece.name == "form"
    assert piece.data == "q=a&b=c d+é\nn=1".encode()


def test_binary_values_begin_and_end_where_they_do() -> None:
    packed = zlib.compress(b"some words")
    (_, value) = pieces(b"a=1&d=" + quote_from_bytes(packed, safe="").encode() + b"&z=2")
    assert value.data == packed


def test_one_level_at_a_time() -> None:
    (piece,) = pieces(b"/p/h%25C3%25A9p")
    assert piece.data == b"/p/h%C3%A9p"


def test_places_lead_back() -> None:
    data = b"https://t.example/x/h%C3%A9patite/y"
    (piece,) = pieces(data)
    at = piece.data.index("hépatite".encode())
    assert piece.mapping is not None
    start, end = piece.mapping(at, at + len("hépatite".encode()))
    assert data[start:end] == b"h%C3%A9patite"


@pytest.mark.parametrize("data", [b"", b"plain", b"100%", b"100% of 50%", b"%zz", b"%"])
def test_no_escape_no_piece(data: bytes) -> None:
    assert list(pieces(data)) == []


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"a=1&b=2", True),
        (b"https://t.example/?q=1", True),
        (b'{"a":"b=c"}', False),
        (b"a b=c", False),
    ],
)
def test_is_form(data: bytes, form: bool) -> None:
    assert is_form(data) is form
