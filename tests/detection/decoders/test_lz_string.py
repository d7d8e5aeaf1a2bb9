"""lz-string, against strings that lz-string 1.5.0 (MIT, npm) wrote."""

from __future__ import annotations

import time

import pytest

from harness.detection.decoders.lz_string import decode_token, pieces, text_pieces

LIMIT = 1 << 20
RECORDED = [
    ("hépatite", "BYS4DghgLgllCmQ=", "0584b80e08602e09650a6400",
     "cba2e2b8a3e484accc80e4ad88e2a6b020"),
    ("größe: hépatite 😀 B", "OYJwbw+wpgXABACwJcAcCGAXAlhqdC8G4AB7cAQkA===",
     "3982706f0fb0a605c00400b025c01c08601702586a742f06e0007b7004240000",
     "e1b3a1e1b0bbe68896e0aa80e2b8a0e180a2e681abe480bcd190d7a0e4acade29da2e7a19721e79c80d1842020"),
    ("covid covid covid covid covid", "MYewbglgJgBKm3tO5lKkA===",
     "3187b06e096026004a9b7b4ee652a400", "e1a3a3e6b0bbe4858cca80c9b4e6b88de1b7ace58b842020"),
    ('{"query":"hépatite","n":1}', "N4IgjgrgpgTgniAXCAFgS4A4EMAuBLHKEAGhADskBGAXyA==",
     "3782208e0ae0a604e09e20170801604b803810c02e04b1ca1001a1003b24046017c80000",
     "e1afa1e0a183e485bce0aa80e29ca4e7a2a0e2b8b0c680e297a0e0b8a4e1a0a5e681abe0b9b0e480a6e488a0"
     "e3ad84c990d8922020"),
    ("日本語の検索", "qemhpzR5UYdgyDiWhEvkA===", "a9e9a1a73479518760c83896844be400",
     "e59494e6a289e69aafe194b8e3aca6e28482e2b4a8e4b0842020"),
]  # fmt: skip
"""Text; compressToBase64; compressToUint8Array in hex; compressToUTF16 as UTF-8 in hex."""


@pytest.mark.parametrize(("text", "in_base64", "in_bytes", "in_utf16"), RECORDED)
def test_recorded_strings(text: str, in_base64: str, in_bytes: str, in_utf16: str) -> None:
    raw = text.encode()
    assert decode_token(in_base64.rstrip("=").encode(), LIMIT) == raw
    assert decode_token(in_base64.rstrip("=").replace("/", "-").encode(), LIMIT) == raw
    assert [piece.data for piece in pieces(bytes.fromhex(in_bytes), LIMIT)] == [raw]
    stored = b'{"s":"' + bytes.fromhex(in_utf16) + b'"}'
    (piece,) = text_pieces(stored)
    assert piece.data == raw
    assert (piece.start, piece.end) == (6, len(stored) - 2)


@pytest.mark.parametrize(
    "token", [b"", b"Qk", b"settings", b"dGhlIHRlcm0", b"B\xff\x00AAAA", b"=" * 20]
)
def test_what_is_no_lz_string(token: bytes) -> None:
    assert decode_token(token, LIMIT) is None


@pytest.mark.parametrize("data", [b"", b"abc", "Füße über Äcker".encode(), b"\xff" * 40])
def test_texts_and_bytes_that_are_none(data: bytes) -> None:
    assert list(pieces(data, LIMIT)) == []
    assert list(text_pieces(data)) == []


def test_output_is_bounded() -> None:
    """A run of one character grows by one more with each code."""
    token = RECORDED[2][1].rstrip("=").encode()
    text = decode_token(token, 10)
    assert text is not None
    assert b"covid covid".startswith(text[:10])
    assert len(text) < 29
    before = time.process_time()
    assert all(len(piece.data) <= 4 * LIMIT for piece in pieces(b"\x21" + b"\xb5" * 60_000, LIMIT))
    assert time.process_time() - before < 5
