"""JSON Web Tokens and signatures (RFC 7515, RFC 7519): header and payload, never verified."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from harness.detection.views import Piece

TOKEN = re.compile(rb"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{4,}+)\.([A-Za-z0-9_-]{4,}+)(?=\.)")
SIGNATURE_CHARS = frozenset({43, 64, 86, 128, 171, 176, 342, 512, 683})
"""Characters of the signatures of RFC 7518: HMAC and RSA up to 4096 bit, the elliptic curves."""
URL_SAFE = bytes.maketrans(b"-_", b"+/")


def pieces(data: bytes) -> Iterator[Piece]:
    """Header and payload of each token, as JSON bytes."""
    if b"eyJ" not in data:
        return
    for match in TOKEN.finditer(data):
        for group in (1, 2):
            raw = match.group(group).translate(URL_SAFE)
            if len(raw) % 4 == 1:
                continue
            decoded = binascii.a2b_base64(raw + b"==")
            if decoded[:1] == b"{" or group == 2:
                yield Piece("jwt", match.start(group), match.end(group), decoded)


def is_signature(data: bytes, value: bytes) -> bool:
    """Whether `value` closes a token: of a signature's length, right behind header and payload."""
    if len(value) not in SIGNATURE_CHARS:
        return False
    at = data.find(b"." + value)
    return at >= 0 and any(match.end() == at for match in TOKEN.finditer(data))
