"""Quoted-printable, against quopri of the standard library."""

from __future__ import annotations

import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.quoted_printable import pieces

LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1)


@given(LINE)
def test_what_quopri_writes_comes_back(text: str) -> None:
    data = f"é{text}é".encode()
    (piece,) = pieces(quopri.encodestring(data))
    assert piece.data == data


@pytest.mark.parametrize("end", [b"=\n", b"=\r\n"])
def test_soft_line_breaks(end: bytes) -> None:
    (piece,) = pieces(b"h=C3=A9pa" + end + b"tite")
    assert piece.data == "hépatite".encode()
    assert piece.mapping is not None
    at, size = piece.data.index(b"a"), len(b"atite")
    assert piece.mapping(at, at + size)[1] == len(b"h=C3=A9pa" + end + b"tite")


@pytest.mark.parametrize("data", [b"", b"plain", b"page=20&size=10", b"a=b", b"x=", b"q=4711"])
def test_queries_stay_what_they_are(data: bytes) -> None:
    assert list(pieces(data)) == []
