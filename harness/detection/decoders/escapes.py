"""JSON and JavaScript string escapes (`\\u00e9`, `\\xe9`, `\\/`, `\\u{e9}`) and `%u00e9`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.detection.views import Piece, Segments, lazily

ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
    rb"|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}"
    rb"|%u[dD][89abAB][0-9A-Fa-f]{2}%u[dD][c-fC-F][0-9A-Fa-f]{2}|%u[0-9A-Fa-f]{4}|\\[^ux]"
)
SIMPLE = {b"\\n": b"\n", b"\\t": b"\t", b"\\r": b"\r", b"\\b": b"\b", b"\\f": b"\f", b"\\0": b"\0"}
LAST_CODE_POINT = 0x10FFFF


def _unit(match: re.Match[bytes]) -> bytes:
    raw = match.group()
    if raw[1:2] not in (b"u", b"x"):
        return SIMPLE.get(raw, raw[1:])
    if len(raw) == 12:
        units = bytes.fromhex((raw[2:6] + raw[8:12]).decode("ascii"))
        return units.decode("utf-16-be").encode()
    code = int(raw[2:].strip(b"{}"), 16)
    return chr(min(code, LAST_CODE_POINT)).encode("utf-8", "surrogatepass")


def _segments(data: bytes) -> Segments:
    return Segments.of(
        (match.start(), len(match.group()), len(_unit(match))) for match in ESCAPE.finditer(data)
    )


def pieces(data: bytes) -> Iterator[Piece]:
    """The whole of `data` with one level of escapes undone."""
    if b"\\" not in data and b"%u" not in data:
        return
    decoded, count = ESCAPE.subn(_unit, data)
    if count:
        yield Piece("json-escape", 0, len(data), decoded, lazily(lambda: _segments(data)))
