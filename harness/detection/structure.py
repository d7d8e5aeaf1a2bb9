"""The data formats a person names a place by: URL, form, JSON, cookies, multipart, protobuf. Pure.

Each function maps an offset in some bytes to a path and the range of the value that holds it, from
positions alone: nothing is parsed into trees, so damaged or cut data still yields a place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from harness.detection.decoders import escapes, multipart, percent, protobuf
from harness.detection.readability import is_text

URL = re.compile(
    rb"\s*([A-Za-z][A-Za-z0-9+.-]{1,20}:)?//([^/?#\s\"<>]*)([^?#]*)(\?[^#]*)?(#.*)?", re.S
)
FORM = re.compile(rb"[^=&\s{}<>\"]{1,200}=(?!=|$)")
JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?(?P<key>\s*:)?|[{}\[\],]|[^\s{}\[\],:"]+', re.S)
QUOTE, COMMA = b'",'
OPENINGS: dict[int, bytes | int] = {ord("{"): b"", ord("["): 0}
CLOSINGS = frozenset(b"}]")
NAME = re.compile(rb'name="?([^";\r\n]*)"?')
MAX_KEY = 60
MAX_DECODINGS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A path (`.json$.a[0]`) and the range of the value it names."""

    path: str
    start: int
    end: int


def shown(raw: bytes) -> str:
    """A key for display: decoded, shortened."""
    plain = unquote_to_bytes(raw) if b"%" in raw else raw
    text = plain.decode("utf-8", "replace")
    return text if len(text) <= MAX_KEY else text[: MAX_KEY - 1] + "…"


@lru_cache(maxsize=64)
def fully_decoded(value: bytes) -> tuple[bytes, ...]:
    """`value` and what undoing percent and string escapes makes of it, level by level."""
    levels = [value]
    for _ in range(MAX_DECODINGS):
        piece = next(percent.pieces(value), None) or next(escapes.pieces(value), None)
        if piece is None or piece.data == value:
            break
        value = unquote_to_bytes(value) if piece.name in ("percent", "form") else piece.data
        levels.append(value)
    return tuple(levels)


def place_in(data: bytes, start: int, end: int, hint: str = "") -> Place | None:
    """The place of `data[start:end]` by the format that `data` looks like, or None.

    Args:
        hint: `url`, `cookie`, or `nested` for a value inside another format.
    """
    if hint == "url":
        return in_url(data, start)
    if hint == "cookie":
        return in_pairs(data, start, b";", "", dotted=True)
    head = data[:64].lstrip()
    if b"\0" in head:
        return in_protobuf(data, start)
    if head[:1] in (b"{", b"[") and head[1:].lstrip()[:1] != b"\\":
        return in_json(data, start)
    if head[:2] == b"--":
        return in_multipart(data, start)
    match = URL.match(data)
    if match is not None and match.group(1) and match.end() >= len(data):
        inner = in_url(data, start)
        return inner and Place(f".url{inner.path}", inner.start, inner.end)
    if FORM.match(head) or (FORM.match(data) and hint != "nested"):
        return in_pairs(data, start, b"&", ".form")
    return in_protobuf(data, start)


def in_url(data: bytes, at: int) -> Place | None:
    """`.query[q]`, `.path[2]`, `.host`, `.fragment`."""
    match = URL.match(data)
    if match is None:
        return None
    if match.start(5) >= 0 and at >= match.start(5):
        inner = in_pairs(data, at, b"&", "", low=match.start(5) + 1, high=match.end(5))
        path = f".fragment{inner.path}" if inner else ".fragment"
        return Place(path, *((inner.start, inner.end) if inner else match.span(5)))
    if match.start(4) >= 0 and at >= match.start(4):
        inner = in_pairs(data, at, b"&", ".query", low=match.start(4) + 1, high=match.end(4))
        return inner or Place(".query", match.start(4) + 1, match.end(4))
    if at >= match.start(3):
        low = data.rfind(b"/", match.start(3), at + 1) + 1
        stop = data.find(b"/", at, match.end(3))
        number = data.count(b"/", match.start(3), max(low, match.start(3))) - 1
        return Place(f".path[{max(number, 0)}]", low, stop if stop >= 0 else match.end(3))
    return Place(".host", match.start(2), match.end(2))


def in_pairs(
    data: bytes,
    at: int,
    separator: bytes,
    name: str,
    *,
    low: int = 0,
    high: int | None = None,
    dotted: bool = False,
) -> Place | None:
    """`name[key]` of a list of `key=value`; a bare value has no place."""
    high = len(data) if high is None else high
    start = max(low, data.rfind(separator, low, at) + 1)
    stop = data.find(separator, max(at, start), high)
    stop = high if stop < 0 else stop
    equals = data.find(b"=", start, stop)
    if equals < 0:
        return None
    key = shown(data[start:equals].strip())
    if at <= equals:
        return Place(f"{name}.{{{key}}}", start, equals)
    return Place(f".{key}" if dotted else f"{name}[{key}]", equals + 1, stop)


def in_json(data: bytes, at: int) -> Place | None:
    """`.json$.events[0].props.query`; a match in a key is shown as `.{key}`."""
    known = _json_leaves(data)
    known.reach(at)
    index = bisect_right(known.ends, at)
    if index == len(known.leaves):
        return None
    start, end, steps = known.leaves[index]
    return Place(f".json${_words(steps)}", start, end)


def json_values(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every value that holds no other, escapes as they stand, without quotes."""
    known = _json_leaves(data)
    known.reach(len(data))
    for start, end, steps in known.leaves:
        if steps is None or not steps[2]:
            yield _words(steps), data[start:end]


Steps = tuple["Steps | None", "int | bytes", bool]
"""A step of a JSON path, linked backwards: its parent, the index or raw key, is it a key."""


class _Frame:
    """An open object or array: the key or index at which the reader is, and the steps to it."""

    __slots__ = ("above", "outer", "step")

    def __init__(self, outer: _Frame | None, step: int | bytes | None) -> None:
        self.outer = outer
        self.step = step
        above = None
        if outer is not None and outer.step is not None:
            above = (outer.above, outer.step, False)
        self.above: Steps | None = above


class _Leaves:
    """Keys and values of some JSON in their order, read as far as somebody asked for.

    Attributes:
        ends: end of each, a key's colon included.
        leaves: start and end (without quotes) of each, and the steps to it.
    """

    def __init__(self, data: bytes) -> None:
        self.ends: list[int] = []
        self.leaves: list[tuple[int, int, Steps | None]] = []
        self._data = data
        self._tokens = JSON_TOKEN.finditer(data)
        self._frame = _Frame(None, None)

    def reach(self, at: int) -> None:
        """Read on until a leaf ends after `at`."""
        data, frame, ends = self._data, self._frame, self.ends
        if ends and ends[-1] > at:
            return
        for token in self._tokens:
            start, end = token.span()
            mark = data[start]
            if mark == QUOTE:
                is_key = token.start("key") >= 0
                end = token.start("key") if is_key else end
                inner = end - 1 if end > start + 1 and data[end - 1] == QUOTE else end
                if is_key:
                    frame.step = data[start + 1 : inner]
                start += 1
            elif mark == COMMA:
                if isinstance(frame.step, int):
                    frame.step += 1
                continue
            elif mark in OPENINGS:
                frame = self._frame = _Frame(frame, OPENINGS[mark])
                continue
            elif mark in CLOSINGS:
                frame = self._frame = frame.outer or frame
                continue
            else:
                is_key, inner = False, end
            step = frame.step
            ends.append(end)
            self.leaves.append(
                (start, inner, None if step is None else (frame.above, step, is_key))
            )
            if end > at:
                return


@lru_cache(maxsize=16)
def _json_leaves(data: bytes) -> _Leaves:
    return _Leaves(data)


def _words(steps: Steps | None) -> str:
    words: list[str] = []
    while steps is not None:
        above, step, is_key = steps
        if isinstance(step, int):
            words.append(f"[{step}]")
        else:
            words.append(f".{{{shown(step)}}}" if is_key else f".{shown(step)}")
        steps = above
    return "".join(reversed(words))


def in_multipart(data: bytes, at: int) -> Place | None:
    """`.multipart[field]`, for the body of a part and for its headers."""
    start = 0
    for piece in multipart.pieces(data):
        if at < piece.end:
            name = NAME.search(data, start, piece.start)
            key = shown(name.group(1)) if name else ""
            head = "" if at >= piece.start else ".header"
            return Place(f".multipart[{key}]{head}", piece.start, piece.end)
        start = piece.end
    return None


def in_protobuf(data: bytes, at: int) -> Place | None:
    """`.protobuf.3.1`: field numbers from the root."""
    if len(data) < 3 or is_text(data) or not protobuf.fields(data, 0, len(data)):
        return None
    for path, start, end in protobuf.leaves(data, 0, len(data)):
        if start <= at < end:
            return Place(".protobuf." + ".".join(map(str, path)), start, end)
    return None
