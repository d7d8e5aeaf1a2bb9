"""Automata and boundaries together, on single layers."""

from __future__ import annotations

import base64

import pytest

from harness.detection.decoders import utf16
from harness.detection.matching import Matcher
from harness.detection.views import Piece, View

MATCHER = Matcher(["hépatite", "covid", "HIV"], 4)


def found(data: bytes, *, plain: bool = True) -> list[tuple[str, tuple[str, ...], int]]:
    return [
        (match.variant, match.suffix, match.prefix) for match in MATCHER.text(View(data), plain, [])
    ]


def test_variants_and_charsets_are_told() -> None:
    assert found("q=hépatite".encode()) == [("nfc", (), 0)]
    assert found(b"q=HEPATITE") == [("accent-folded+upper", (), 0)]
    assert found("q=hépatite".encode("cp1252")) == [("nfc", ("cp1252",), 0)]


def test_prefixes_only_as_whole_values() -> None:
    assert found(b'{"q":"covi"}') == [("prefix[4]", (), 4)]
    assert found(b'{"q":"covi x"}') == []


def test_amid_binary_data_a_few_letters_are_chance() -> None:
    assert found(b"\x90\xa7covid\xf2\x01", plain=False) == []
    assert found(b"\x90\x05covid\x00\x01\x02\x03", plain=False) == [("nfc", (), 0)]
    assert found(b"\x05HIV\x00", plain=False) == []


@pytest.mark.parametrize("key", [1, 0x20, 0x5A, 0xFF])
def test_any_xor_key(key: int) -> None:
    data = bytes(byte ^ key for byte in "…q: hépatite; x".encode())
    matches = list(MATCHER.xor(View(data)))
    assert [match.suffix for match in matches] == [(f"xor[0x{key:02x}]",)]


def test_xor_of_a_word_that_json_has_escaped() -> None:
    data = bytes(byte ^ 0x5A for byte in b'{"q": "h\\u00e9patite"}')
    assert [match.suffix for match in MATCHER.xor(View(data))] == [("xor[0x5a]",)]


@pytest.mark.parametrize("offset", [0, 1])
def test_utf16_within_other_data_is_found_at_any_offset(offset: int) -> None:
    """A photo's comment (CIPA DC-008: a code of eight bytes, then the text)."""
    head = b"\xff\xd8\xff\xe1" + b"x" * offset + b"\0\0UNICODE\0"
    word = "hépatite".encode("utf-16-le")
    assert found(head + word + b"\xff\xd9", plain=False) == [("nfc", ("utf-16-le",), 0)]


def test_a_layer_of_utf16_is_read_once_however_often_a_word_stands_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []
    pieces = utf16.pieces
    monkeypatch.setattr(utf16, "pieces", lambda data: read.append(1) or pieces(data))
    assert found(("hépatite, " * 50).encode("utf-16-le")) == []
    assert len(read) == 1


def test_base64_that_begins_out_of_step_is_decoded_in_step() -> None:
    token = base64.b64encode('{"q":"hépatite"}'.encode()).rstrip(b"=")
    signs: list[Piece] = []
    list(MATCHER.text(View(b"xy" + token), True, signs))
    assert 'hépatite"}'.encode() in signs[0].data
    aligned: list[Piece] = []
    list(MATCHER.text(View(token), True, aligned))
    assert aligned == []
