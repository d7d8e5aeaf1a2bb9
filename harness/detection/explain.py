"""A sighting replayed: the bytes at each step, so that it can be checked by hand. Pure.

Input: the match behind a sighting. Output: lines of text; each names a decoder, the range it was
applied to and what it made of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.detection.matching import Match
from harness.detection.sighting import Sighting
from harness.detection.views import View

AROUND_BYTES = 24
SHOWN_BYTES = 96


def explain(sighting: Sighting, match: Match) -> Iterator[str]:
    """The way from the raw bytes of the part to the match."""
    yield f"{sighting.part}: {len(_root(match.view).data)} bytes as they were sent"
    path: list[View] = []
    view: View | None = match.view
    while view is not None:
        path.append(view)
        view = view.parent
    for number, step in enumerate(reversed(path)):
        start, end = _range_in(step, match)
        if step.piece is not None:
            piece = step.piece
            yield (
                f"{number}. {piece.name}: bytes {piece.start}..{piece.end} "
                f"become {len(step.data)} bytes"
            )
        yield f"   [{start}, {end}) {excerpt(step.data, start, end)}"
    for suffix in match.suffix:
        yield f"   read as {suffix}"
    if match.salt:
        yield f"   with the salt {match.salt!r}"
    form = f"the variant {sighting.variant}" if sighting.variant != "nfc" else "the term itself"
    yield f"   is {form} of {sighting.term!r}"


def _root(view: View) -> View:
    while view.parent is not None:
        view = view.parent
    return view


def _range_in(target: View, match: Match) -> tuple[int, int]:
    """The match's range in one of the views above it."""
    view, start, end = match.view, match.start, match.end
    while view is not target and view.piece is not None and view.parent is not None:
        piece = view.piece
        start, end = (
            (piece.start, piece.end) if piece.mapping is None else piece.mapping(start, end)
        )
        view = view.parent
    return start, end


def excerpt(data: bytes, start: int, end: int) -> str:
    """The range with a little around it; what is no text as `\\xNN`."""
    shown = min(end, start + SHOWN_BYTES)
    low, high = max(0, start - AROUND_BYTES), min(len(data), end + AROUND_BYTES)
    cut = "…" if shown < end else ""
    after = data[end:high]
    return f"{_text(data[low:start])}⟦{_text(data[start:shown])}{cut}⟧{_text(after)}"


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
