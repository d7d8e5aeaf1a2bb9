"""HTML and XML character references (`&eacute;`, `&#233;`, `&#xE9;`)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from harness.detection.views import Piece, Segments, lazily

REFERENCE = re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def _unit(match: re.Match[bytes]) -> bytes:
    return html.unescape(match.group().decode("ascii")).encode("utf-8", "replace")


def _segments(data: bytes) -> Segments:
    return Segments.of(
        (match.start(), len(match.group()), len(_unit(match))) for match in REFERENCE.finditer(data)
    )


def pieces(data: bytes) -> Iterator[Piece]:
    """The whole of `data` with one level of references undone."""
    if b"&" not in data or b";" not in data:
        return
    decoded, count = REFERENCE.subn(_unit, data)
    if count and decoded != data:
        yield Piece("html-entity", 0, len(data), decoded, lazily(lambda: _segments(data)))
