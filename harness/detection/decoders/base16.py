"""Hexadecimal, either case."""

from __future__ import annotations

HEX = b"0123456789abcdefABCDEF"
MIN_CHARS = 8


def decode_token(token: bytes, limit: int) -> bytes | None:
    """The bytes of a token of hex digits only; an odd last digit is left out."""
    if len(token) < MIN_CHARS or token.translate(None, HEX):
        return None
    return bytes.fromhex(token[: len(token) & ~1].decode("ascii"))
