"""A whole text in UTF-16, with or without a byte order mark."""

from __future__ import annotations

from collections.abc import Iterator

from harness.detection.views import Piece

ZERO_SHARE = 0.35


def charset_of(data: bytes) -> str:
    """`utf-16-le`, `utf-16-be`, or an empty string."""
    if data[:2] == b"\xff\xfe":
        return "utf-16-le"
    if data[:2] == b"\xfe\xff":
        return "utf-16-be"
    sample = data[:512]
    half = len(sample) // 2
    if sample[1::2].count(0) > 2 * ZERO_SHARE * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 2 * ZERO_SHARE * half:
        return "utf-16-be"
    return ""


def pieces(data: bytes) -> Iterator[Piece]:
    """The text as UTF-8; each character's two bytes map to its UTF-8 bytes only as a whole."""
    if len(data) < 4 or len(data) % 2:
        return
    charset = charset_of(data)
    if not charset:
        return
    try:
        decoded = data.decode(charset).removeprefix("\ufeff").encode()
    except UnicodeError:
        return
    yield Piece(charset, 0, len(data), decoded)
