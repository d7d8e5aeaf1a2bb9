"""Does what surrounds a match make it evidence? Pure.

Input: the searched bytes, the range of a match, its charset and rule. Output: yes or no.

- `WORD`: the neighbours do not continue the word. A letter beside a letter or a digit beside a
  digit continues it (`cancerous`, `précancer`), a change of class does not (`q_cancer_1`,
  `cancer2`), nor does a hump (`searchCancer`). Scripts without spaces have no such boundary.
- `TOKEN` (short terms): no letter, digit, `_` or `-` on either side, and not a key.
- `VALUE` (prefixes, common words): delimiters of a data format on both sides, and not a key.

A neighbour that is itself escaped (`%C3%A9cancer`, `pr\\u00e9cancer`) is decoded before it is
judged, so an escape can neither hide a longer word nor make one up.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

from harness.detection.decoders import escapes, html_entities
from harness.detection.terms import Rule, spaceless

VALUE_DELIMITERS = frozenset("\"'=&?/:;,|<>()[]{}#\t\r\n\0\\")
KEY_AFTER = re.compile(rb"\\*[\"']?\s{0,4}(?::(?!/)|=(?!=))")
GREEK, IDEOGRAPHS = "\u0370", "\u2e80"
"""Below the first: Latin letters; from the second on: scripts of East Asia."""
WINDOW = 32
MAX_LEVELS = 5
ESCAPE_SIGNS = frozenset(b"%\\&=")
QUOTED_PRINTABLE = re.compile(rb"=([89A-F][0-9A-F])")


def _decoded(window: bytes) -> bytes:
    """The neighbourhood with its escapes undone; what is cut at its far end does not matter."""
    for _ in range(MAX_LEVELS):
        plain = QUOTED_PRINTABLE.sub(lambda match: bytes.fromhex(match[1].decode()), window)
        plain = plain if b"%" not in plain else unquote_to_bytes(plain)
        for decoder in (escapes.pieces, html_entities.pieces):
            plain = next((piece.data for piece in decoder(plain)), plain)
        if plain == window:
            break
        window = plain
    return window


def _char_before(data: bytes, start: int, charset: str) -> str:
    if start == 0:
        return ""
    if charset.startswith("utf-16"):
        units = data[max(0, start - 4) : start].decode(charset, "ignore")
        # One-byte text read in pairs looks ideographic: `UNICODE\0` in front of a photo's comment.
        paired = len(units) == 2 and units[0] >= IDEOGRAPHS and units[1] < GREEK
        return "" if start < 2 or paired else units[-1:]
    window = data[max(0, start - WINDOW) : start]
    if not ESCAPE_SIGNS.isdisjoint(window):
        window = _decoded(window)
        if not window:
            return ""
    if charset != "utf-8":
        return window[-1:].decode(charset, "replace")
    for size in range(1, 5):
        try:
            return window[-size:].decode("utf-8")[-1:]
        except UnicodeDecodeError:
            continue
    return "\ufffd"


def _char_after(data: bytes, end: int, charset: str) -> str:
    if end >= len(data):
        return ""
    if charset.startswith("utf-16"):
        return data[end : end + 2].decode(charset, "ignore")
    window = data[end : end + WINDOW]
    if window[0] in ESCAPE_SIGNS:
        window = _decoded(window)
    if charset != "utf-8":
        return window[:1].decode(charset, "replace")
    for size in range(1, 5):
        try:
            return window[:size].decode("utf-8")[:1]
        except UnicodeDecodeError:
            continue
    return "\ufffd"


def _kind(char: str) -> str:
    return unicodedata.category(char)[0] if char else ""


def _continues(inner: str, outer: str, *, before: bool) -> bool:
    """Whether `outer` continues the word whose edge is `inner`."""
    inner_kind, outer_kind = _kind(inner), _kind(outer)
    if outer_kind == "M":
        return not before
    if inner_kind in "LM" and outer_kind == "L":
        if spaceless(inner) or spaceless(outer):
            return False
        low, high = (outer, inner) if before else (inner, outer)
        return not (low.islower() and high.isupper())
    return inner_kind == "N" and outer_kind == "N"


def _is_key(data: bytes, end: int) -> bool:
    return KEY_AFTER.match(data, end) is not None


def holds(
    data: bytes, start: int, end: int, *, rule: Rule, charset: str, first: str, last: str
) -> bool:
    """Whether the match `data[start:end]`, whose text runs from `first` to `last`, counts."""
    before = _char_before(data, start, charset)
    after = _char_after(data, end, charset)
    if rule is Rule.WORD:
        return not (_continues(first, before, before=True) or _continues(last, after, before=False))
    if _is_key(data, end):
        return False
    if rule is Rule.VALUE:
        return all(not char or char in VALUE_DELIMITERS for char in (before, after))
    return all(
        _kind(char) not in ("L", "N", "M") and char not in ("_", "-") for char in (before, after)
    )
