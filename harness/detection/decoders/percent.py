"""Percent-encoding (RFC 3986) and HTML form encoding (`+` for a space), one level a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from harness.detection.readability import CONTROL, is_utf8
from harness.detection.views import Piece, Segments, lazily

ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
MANY = 40
VALUE = re.compile(rb"=([^&=?#]*%[^&?#]*)")
NOT_FORM = b' \t\r\n"{}<>\\'


def _segments(data: bytes) -> Segments:
    return Segments.even([match.start() for match in ESCAPE.finditer(data)], 3, 1)


def is_form(data: bytes) -> bool:
    """Whether `data` looks like `key=value&key=value` or a URL with a query."""
    return b"=" in data and len(data.translate(None, NOT_FORM)) == len(data)


def pieces(data: bytes) -> Iterator[Piece]:
    """The whole of `data` with one level of escapes undone.

    In a form the separators become line breaks, so that decoded ones cannot be mistaken for them.
    """
    if b"%" not in data or ESCAPE.search(data) is None:
        return
    if is_form(data):
        source, name = data.replace(b"&", b"\n").replace(b"+", b" "), "form"
    else:
        source, name = data, "percent"
    whole = unquoted(source)
    yield Piece(name, 0, len(data), whole, lazily(lambda: _segments(data)))
    if name == "form" and _binary(whole):
        yield from _binary_values(data)


def _binary_values(data: bytes) -> Iterator[Piece]:
    """Values of a form that decode to no text, each on its own: there a format begins and ends."""
    for match in VALUE.finditer(data):
        decoded = unquote_to_bytes(match.group(1).replace(b"+", b" "))
        if _binary(decoded):
            yield Piece("percent", match.start(1), match.end(1), decoded)


def _binary(data: bytes) -> bool:
    return len(data.translate(None, CONTROL)) != len(data) or not is_utf8(data)


def unquoted(data: bytes) -> bytes:
    """What `unquote_to_bytes` gives, faster for the few kinds of escapes that a text repeats.

    One replacement per kind is right only if every `%` opens an escape; `%25` must come last.
    """
    escapes = ESCAPE.findall(data)
    if len(escapes) < MANY or len(escapes) != data.count(b"%"):
        return unquote_to_bytes(data)
    for escape in sorted(set(escapes), key=lambda one: one == b"%25"):
        data = data.replace(escape, bytes((int(escape[1:], 16),)))
    return data
