"""Base85: RFC 1924's alphabet (Python's `b85encode`, git), ZeroMQ's Z85, Adobe's Ascii85."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from harness.detection.readability import CONTROL
from harness.detection.views import Piece

B85 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
Z85 = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
A85 = bytes(range(33, 118)) + b"z"
TO_B85 = bytes.maketrans(bytes(range(33, 118)), B85)
FROM_Z85 = bytes.maketrans(Z85, B85)
FRAMED = re.compile(rb"<~[!-uz\s]{5,}?~>")
MIN_CHARS, MAX_CHARS = 7, 1 << 16
OPENING = 40
VALUE = {char: at for at, char in enumerate(B85)}
BINARY_STARTS = (
    b"\x1f\x8b",
    b"\x78\x01",
    b"\x78\x5e",
    b"\x78\x9c",
    b"\x78\xda",
    b"\x28\xb5",
    b"\x04\x22",
)


def _promising(opening: bytes) -> bool:
    """Whether the first groups open a text or a compressed stream.

    Base85 has no sign of its own; without this, every random id would be decoded in full.
    """
    for at in range(0, len(opening) - 4, 5):
        number = 0
        for char in opening[at : at + 5]:
            number = number * 85 + VALUE.get(char, 85)
        if number >> 32:
            return False
        head = number.to_bytes(4, "big")
        if at == 0 and head[:2] in BINARY_STARTS:
            return True
        if head.translate(None, CONTROL) != head:
            return False
    return True


def decode_b85(token: bytes, limit: int) -> bytes | None:
    """A token in RFC 1924's alphabet, or None."""
    if not MIN_CHARS <= len(token) <= MAX_CHARS or token.translate(None, B85):
        return None
    if not _promising(token[:OPENING]):
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
    opening = inner[:OPENING]
    if b"z" not in opening and not _promising(opening.translate(TO_B85)):
        return None
    try:
        return base64.a85decode(inner)
    except ValueError:
        return None


def pieces(data: bytes) -> Iterator[Piece]:
    """Ascii85 between Adobe's marks, wherever it stands."""
    if b"<~" not in data:
        return
    for match in FRAMED.finditer(data):
        decoded = decode_a85(match.group(), len(data))
        if decoded:
            yield Piece("ascii85", match.start(), match.end(), decoded)
