"""Base85: RFC 1924's alphabet (Python's `b85encode`, git), ZeroMQ's Z85, Adobe's Ascii85."""

from __future__ import annotations

import base64

B85 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
Z85 = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
A85 = bytes(range(33, 118)) + b"z"
FROM_Z85 = bytes.maketrans(Z85, B85)
MIN_CHARS, MAX_CHARS = 7, 1 << 16


def decode_b85(token: bytes, limit: int) -> bytes | None:
    """A token in RFC 1924's alphabet, or None."""
    if not MIN_CHARS <= len(token) <= MAX_CHARS or token.translate(None, B85):
        return None
    try:
        return base64.b85decode(token)
    except ValueError:
        return None


def decode_z85(token: bytes, limit: int) -> bytes | None:
    """A token in Z85 (unpadded tails are taken as Python's encoder writes them), or None."""
    if not MIN_CHARS <= len(token) <= MAX_CHARS or token.translate(None, Z85):
        return None
    return decode_b85(token.translate(FROM_Z85), limit)


def decode_a85(token: bytes, limit: int) -> bytes | None:
    """A token in Ascii85, with or without its `<~` and `~>`, or None."""
    framed = token.startswith(b"<~") and token.endswith(b"~>")
    inner = token[2:-2] if framed else token
    if not MIN_CHARS <= len(inner) <= MAX_CHARS or inner.translate(None, A85):
        return None
    try:
        return base64.a85decode(inner)
    except ValueError:
        return None
