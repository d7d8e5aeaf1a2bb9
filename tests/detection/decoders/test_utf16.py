"""Texts in UTF-16, against Python's codecs."""

from __future__ import annotations

import pytest

from harness.detection.decoders.utf16 import charset_of, pieces

TEXT = "Suche nach hépatite 😀"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_either_order_with_and_without_a_mark(charset: str, mark: str) -> None:
    (piece,) = pieces((mark + TEXT).encode(charset))
    assert (piece.name, piece.data.decode()) == (charset, TEXT)
    assert piece.mapping is None


def test_a_text_without_latin_needs_its_mark() -> None:
    (piece,) = pieces("\ufeff日本語の検索".encode("utf-16-le"))
    assert piece.data.decode() == "日本語の検索"


@pytest.mark.parametrize(
    "data",
    [b"", b"ab", b"plain words", "hépatite".encode(), b"a\0b\0c", b"\xff\xfe\x00\xd8", b"\xff" * 8],
)
def test_what_is_none(data: bytes) -> None:
    assert list(pieces(data)) == []


def test_zeros_tell_the_order() -> None:
    assert charset_of(b"a\0b\0c\0d\0") == "utf-16-le"
    assert charset_of(b"\0a\0b\0c\0d") == "utf-16-be"
    assert charset_of(b"abcdefgh") == ""
