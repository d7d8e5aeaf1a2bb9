"""Base64 (RFC 4648 sections 4 and 5): both alphabets, padding optional, line breaks allowed."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from harness.detection.views import Piece

URL_SAFE = bytes.maketrans(b"-_", b"+/")
MIN_CHARS = 8
WRAPPED = re.compile(rb"(?:[A-Za-z0-9+/]{40,128}\r?\n)+[A-Za-z0-9+/]*={0,2}")
BREAKS = b"\r\n"
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
MIN_LINE, MAX_LINE = 40, 128


def decode_token(token: bytes, limit: int) -> bytes | None:
    """The bytes of a token without padding, or None."""
    if len(token) < MIN_CHARS:
        return None
    if len(token) % 4 == 1:
        token = token[:-1]
    try:
        return binascii.a2b_base64(token.translate(URL_SAFE) + b"==")
    except binascii.Error:
        return None  # a token such as `$name` holds a byte of no alphabet


def name_of(token: bytes) -> str:
    """Which alphabet a token is written in."""
    return "base64url" if b"-" in token or b"_" in token else "base64"


def pieces(data: bytes) -> Iterator[Piece]:
    """Blocks broken into lines (MIME, Android's `Base64.DEFAULT`)."""
    line = _wrapped_line(data)
    if line < 0:
        return
    for match in WRAPPED.finditer(data, line):
        joined = match.group().translate(None, BREAKS).rstrip(b"=")
        decoded = decode_token(joined, len(data))
        if decoded:
            yield Piece("base64", match.start(), match.end(), decoded)


def _wrapped_line(data: bytes) -> int:
    """Where the search for a block may begin: before the first line end with enough before it."""
    at = data.find(b"\n")
    while at >= 0:
        end = at - 1 if data[at - 1 : at] == b"\r" else at
        if end >= MIN_LINE and not data[end - MIN_LINE : end].translate(None, ALPHABET):
            return max(0, end - MAX_LINE)
        at = data.find(b"\n", at + 1)
    return -1
