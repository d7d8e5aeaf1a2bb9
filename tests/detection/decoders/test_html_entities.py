"""Character references, against html's encoder and its table of HTML5's names."""

from __future__ import annotations

import html
from html.entities import html5

import pytest

from harness.detection.decoders.html_entities import pieces

NAMES = sorted(name for name in html5 if name.endswith(";") and len(name) > 2)


def undone(data: bytes) -> bytes:
    (piece,) = pieces(data)
    return piece.data


def test_every_name_of_html5() -> None:
    data = "\n".join(f"&{name}" for name in NAMES).encode()
    assert undone(data).decode() == "\n".join(html5[name] for name in NAMES)


@pytest.mark.parametrize("data", [b"h&eacute;p", b"h&#233;p", b"h&#xe9;p", b"h&#XE9;p"])
def test_forms(data: bytes) -> None:
    assert undone(data) == "hép".encode()


def test_one_level_at_a_time() -> None:
    assert undone(html.escape(html.escape("<é>")).encode()) == "&lt;é&gt;".encode()


@pytest.mark.parametrize("data", [b"", b"a=1&b=2;c", b"&nosuchname;", b"&;", b"&#;", b"& amp;"])
def test_no_reference_no_piece(data: bytes) -> None:
    assert list(pieces(data)) == []


@pytest.mark.parametrize("data", [b"&#0;", b"&#xD800;", b"&#1114112;", b"&#9999999;"])
def test_numbers_that_are_no_character_raise_nothing(data: bytes) -> None:
    assert len(list(pieces(data))) <= 1


def test_places_lead_back() -> None:
    data = b"x&lt;h&eacute;patite&gt;"
    (piece,) = pieces(data)
    at = piece.data.index("hépatite".encode())
    assert piece.mapping is not None
    start, end = piece.mapping(at, at + len("hépatite".encode()))
    assert data[start:end] == b"h&eacute;patite"
