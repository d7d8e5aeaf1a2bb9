"""Internationalised domain labels (`xn--hpatite-bya`, RFC 3492)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.detection.views import Piece

LABEL = re.compile(rb"[xX][nN]--([A-Za-z0-9-]{1,59})")


def pieces(data: bytes) -> Iterator[Piece]:
    """One piece per label that decodes."""
    if b"n--" not in data and b"N--" not in data:
        return
    for match in LABEL.finditer(data):
        try:
            text = match.group(1).lower().decode("punycode")
            decoded = text.encode()
        except (UnicodeError, OverflowError, ValueError):
            continue
        yield Piece("punycode", match.start(), match.end(), decoded)
