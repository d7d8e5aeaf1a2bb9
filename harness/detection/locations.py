"""Where in an exchange a match stands, in words that a person can follow. Pure.

Input: the name of a part, and the view and range of a match in it. Output: for example
`url.query[dl].url.query[q]`, `header[cookie].fbp`, `body.json$.events[0].props.query`,
`body.form[data].json$[0].name`. What is not understood is named by its part alone.
"""

from __future__ import annotations

from harness.detection.structure import Place, fully_decoded, place_in
from harness.detection.views import View

MAX_NESTING = 6
MAX_INNER_BYTES = 1 << 18


def _layers(view: View, start: int, end: int) -> list[tuple[bytes, int, int, bytes]]:
    """Outermost first: the bytes that can be pointed into, the range in them, the sought bytes.

    Layers that only rewrite their parent (escapes) are skipped: their parent can be pointed into.
    """
    layers: list[tuple[bytes, int, int, bytes]] = []
    needle = view.data[start:end]
    current: View | None = view
    while current is not None:
        piece = current.piece
        if piece is None or piece.mapping is None:
            layers.append((current.data, start, end, needle))
            if piece is not None:
                needle = b""
        if piece is not None:
            start, end = (
                (piece.start, piece.end) if piece.mapping is None else piece.mapping(start, end)
            )
            if piece.mapping is None and current.parent is not None:
                needle = current.parent.data[start:end]
        current = current.parent
    return list(reversed(layers))


def locate(part: str, view: View, start: int, end: int) -> str:
    """The place of `view.data[start:end]`, beginning with the part's own name."""
    words = part
    hint = _hint(part)
    for data, low, high, needle in _layers(view, start, end):
        place = place_in(data, low, high, hint)
        if place is None:
            hint = ""
            continue
        words += place.path
        words += _nested(data, place, low, high, needle)
        hint = ""
    return words


def _hint(part: str) -> str:
    bare = part.removeprefix("response.")
    if bare == "url":
        return "url"
    return "cookie" if bare in ("header[cookie]", "header[set-cookie]") else ""


def _nested(data: bytes, place: Place, low: int, high: int, needle: bytes) -> str:
    """Go on inside the value: a URL in a parameter, JSON in a string."""
    value = data[place.start : place.end]
    words = ""
    for _ in range(MAX_NESTING):
        if not needle or len(value) > MAX_INNER_BYTES:
            break
        inner = _step(value, needle)
        if inner is None:
            break
        path, value = inner
        words += path
    return words


def _step(value: bytes, needle: bytes) -> tuple[str, bytes] | None:
    """The path inside `value` (escaped any number of times) that leads to `needle`."""
    for text in fully_decoded(value):
        at = text.find(needle)
        found = place_in(text, at, at + len(needle), "nested") if at >= 0 else None
        if found is None and at < 0:
            found = _place_of_escaped(text, needle)
        if found is not None and (found.start, found.end) != (0, len(text)):
            return found.path, text[found.start : found.end]
    return None


def _place_of_escaped(text: bytes, needle: bytes) -> Place | None:
    """The value in `text` that holds `needle` only once it is decoded further."""
    at = 0
    while at < len(text):
        place = place_in(text, at, at + 1, "nested")
        if place is None:
            return None
        if place.end > place.start and any(
            needle in layer for layer in fully_decoded(text[place.start : place.end])
        ):
            return place
        at = max(place.end, at) + 1
    return None
