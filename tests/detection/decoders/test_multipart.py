"""multipart bodies, as urllib3 writes them and by RFC 2046's rules."""

from __future__ import annotations

import pytest
from urllib3.filepost import encode_multipart_formdata

from harness.detection.decoders.multipart import is_multipart, pieces

BINARY = bytes(range(256)) * 3


def test_what_urllib3_writes() -> None:
    parts: list[tuple[str, str | bytes | tuple[str, str | bytes]]] = [
        ("q", "hépatite"),
        ("file", ("a.bin", BINARY)),
        ("last", "x"),
    ]
    body, _ = encode_multipart_formdata(parts)
    found = list(pieces(body))
    assert [piece.data for piece in found] == ["hépatite".encode(), BINARY, b"x"]
    for piece in found:
        assert body[piece.start : piece.end] == piece.data
        assert piece.mapping is not None
        assert piece.mapping(0, len(piece.data)) == (piece.start, piece.end)


@pytest.mark.parametrize(
    "body",
    [
        b"--b\nA: b\n\nhello\n--b--\n",
        b"a preamble to be ignored\r\n--b\r\nA: b\r\n\r\nhello\r\n--b--\r\nan epilogue",
        b"--b \t\r\nA: b\r\n\r\nhello\r\n--b--",
        b"--b\r\n\r\nhello\r\n--b--\r\n",
    ],
)
def test_line_ends_preambles_and_parts_without_headers(body: bytes) -> None:
    assert b"hello" in [piece.data for piece in pieces(body)]


@pytest.mark.parametrize(
    "data", [b"", b"--", b"--b\r\n", b"a -- b -- c", b"--b\r\nA: b\r\n\r\nopen"]
)
def test_what_is_none(data: bytes) -> None:
    assert not is_multipart(data)
    assert list(pieces(data)) == []


def test_a_body_that_breaks_off_gives_its_whole_parts() -> None:
    body, _ = encode_multipart_formdata({"a": "one", "b": "two", "c": "three"})
    assert [piece.data for piece in pieces(body[:-60])][:1] == [b"one"]
