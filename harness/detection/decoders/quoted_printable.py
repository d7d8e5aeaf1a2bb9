"""Quoted-printable (RFC 2045 section 6.7): `h=C3=A9patite`, soft line breaks.

Only where it can matter: a non-ASCII byte, an escaped delimiter or a soft line break; a query such
as `page=20` stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.detection.views import Piece, Segments, lazily

SIGN = re.compile(rb"=(?:[89A-F][0-9A-F]|3D|25|5C|\r?\n)")
ESCAPE = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")


def _unit(match: re.Match[bytes]) -> bytes:
    raw = match.group()[1:]
    return b"" if raw.endswith(b"\n") else bytes((int(raw, 16),))


def _segments(data: bytes) -> Segments:
    return Segments.of(
        (match.start(), len(match.group()), len(_unit(match))) for match in ESCAPE.finditer(data)
    )


def pieces(data: bytes) -> Iterator[Piece]:
    """The whole of `data` with its escapes undone."""
    if b"=" in data and SIGN.search(data):
        yield Piece(
            "quoted-printable",
            0,
            len(data),
            ESCAPE.sub(_unit, data),
            lazily(lambda: _segments(data)),
        )
