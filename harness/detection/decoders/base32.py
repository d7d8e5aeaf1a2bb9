"""Base32 (RFC 4648 section 6), either case, padding optional; also base32hex."""

from __future__ import annotations

import base64
import binascii

UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LOWER = b"abcdefghijklmnopqrstuvwxyz234567"
HEX_UPPER = b"0123456789ABCDEFGHIJKLMNOPQRSTUV"
MIN_CHARS = 8
VALID_TAILS = frozenset({0, 2, 4, 5, 7})


def decode_token(token: bytes, limit: int) -> bytes | None:
    """The bytes of a token in one case of the alphabet, or None."""
    if len(token) < MIN_CHARS or len(token) % 8 not in VALID_TAILS:
        return None
    if token.translate(None, UPPER) and token.translate(None, LOWER):
        return None
    try:
        return base64.b32decode(token.upper() + b"=" * (-len(token) % 8))
    except binascii.Error:
        return None


def decode_hex_token(token: bytes, limit: int) -> bytes | None:
    """The same for the alphabet with extended hex digits."""
    if len(token) < MIN_CHARS or len(token) % 8 not in VALID_TAILS:
        return None
    if token.translate(None, HEX_UPPER):
        return None
    try:
        return base64.b32hexdecode(token + b"=" * (-len(token) % 8))
    except binascii.Error:
        return None
