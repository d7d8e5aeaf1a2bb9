"""JSON and JavaScript escapes, against json's encoder and ECMA-262's forms."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.escapes import pieces


def undone(data: bytes) -> bytes:
    (piece,) = pieces(data)
    return piece.data


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_json_escapes_comes_back(text: str) -> None:
    data = json.dumps(text + "é").encode()
    assert undone(data) == f'"{text}é"'.encode()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (rb"h\u00e9p", "hép"), (rb"h\xe9p", "hép"), (rb"h\u{e9}p", "hép"), (rb"h%u00e9p", "hép"),
        (rb"\ud83d\ude00", "😀"), (rb"\u{1F600}", "😀"), (rb"%uD83D%uDE00", "😀"),
        (rb"a\/b", "a/b"), (rb"a\nb", "a\nb"), (rb"\\u00e9", r"\u00e9"), (rb"\"", '"'),
    ],
)  # fmt: skip
def test_forms(data: bytes, text: str) -> None:
    """`%u` is what the deprecated global `escape` writes (ECMA-262 annex B.2.1)."""
    assert undone(data) == text.encode()


@pytest.mark.parametrize("data", [rb"\ud83d", rb"\ude00\ud83d", rb"\u{110000}", rb"\u{0}x", b"\\"])
def test_half_pairs_and_what_is_no_character_raise_nothing(data: bytes) -> None:
    assert len(list(pieces(data))) <= 1


@pytest.mark.parametrize("data", [b"", b"plain", b"100%u", b"\\", rb"\u00g", rb"\x1"])
def test_no_escape_no_piece(data: bytes) -> None:
    assert [piece.data for piece in pieces(data)] in ([], [data])


def test_places_lead_back() -> None:
    data = rb'{"q":"h\u00e9patite \ud83d\ude00","n":1}'
    (piece,) = pieces(data)
    at = piece.data.index("é".encode())
    assert piece.mapping is not None
    start, end = piece.mapping(at, at + 2)
    assert data[start:end] == rb"\u00e9"
    at = piece.data.index("😀".encode())
    assert data[slice(*piece.mapping(at, at + 4))] == rb"\ud83d\ude00"
    at = piece.data.index(b"n")
    assert data[slice(*piece.mapping(at, at + 1))] == b"n"
