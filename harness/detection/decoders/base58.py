"""Base58 in Bitcoin's alphabet."""

from __future__ import annotations

ALPHABET = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DIGITS = {char: at for at, char in enumerate(ALPHABET)}
MIN_CHARS, MAX_CHARS = 7, 512


def decode_token(token: bytes, limit: int) -> bytes | None:
    """The bytes of a token that uses the alphabet only, or None."""
    if not MIN_CHARS <= len(token) <= MAX_CHARS or token.translate(None, ALPHABET):
        return None
    number = 0
    for char in token:
        number = number * 58 + DIGITS[char]
    zeros = len(token) - len(token.lstrip(b"1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
