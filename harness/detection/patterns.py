"""All forms of all terms as one automaton. Pure.

Input: terms and the shortest prefix. Output: for a haystack, every place where a form of a term
stands in one of the charsets, or where plain base64 of one begins. Built once per run; a search
costs by the bytes of the haystack, hardly by the number of terms (Aho-Corasick).
"""

from __future__ import annotations

import base64
import codecs
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ahocorasick_rs import BytesAhoCorasick, Implementation

from harness.detection.terms import Rule, Variant, graphemes, prefixes, variants

CHARSETS = ("utf-8", "cp1252", "latin-1", "utf-16-le", "utf-16-be")
MIN_SHIFTED_GRAPHEMES = 5
"""Below this rot13, reversal and unaligned base64 of a term are too likely to be chance."""
MIN_XOR_BYTES = 6
MIN_XOR_KINDS = 4
"""Distinct bytes below which any repeated character would be the term under some key."""
SHIFTS = frozenset({"rot13", "reversed", "substitution-62"})
MIN_PATTERN_BYTES = 2
SUBSTITUTION = (
    "kibp8A4EWRMKHa7gvyz1dOPt6UI5xYD3nqhVwZBXfCcFeJmrLN20lS9QGsjTuo",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
)
"""A vendor's fixed substitution of letters and digits (Leaky Forms, USENIX Security 2022)."""
SUBSTITUTE = str.maketrans(*SUBSTITUTION)
RESTORE = str.maketrans(*reversed(SUBSTITUTION))
URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One needle.

    Attributes:
        term: index into the terms.
        transform: `""` for the text itself, `rot13`, `reversed`, `xor`, or `base64` for a sign
            that base64 of the text begins there.
        skip: for `base64`: characters between the last whole quantum and the match.
        first, last: the characters at the edges of the text, for the boundary rules.
    """

    term: int
    variant: str
    charset: str
    rule: Rule
    prefix: int
    transform: str
    first: str
    last: str
    size_bytes: int
    skip: int = 0


def encoded(text: str) -> Iterator[tuple[str, bytes]]:
    """`text` in every charset that has its characters; equal bytes keep their first charset."""
    seen: set[bytes] = set()
    for charset in CHARSETS:
        try:
            raw = text.encode(charset)
        except UnicodeEncodeError:
            continue
        if raw not in seen:
            seen.add(raw)
            yield charset, raw


def base64_signs(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(skip, characters) that base64 of anything around `raw` must contain, per alignment."""
    for alignment in range(3):
        padded = bytes(alignment) + raw
        text = base64.b64encode(padded).rstrip(b"=")
        first = (alignment * 8 + 5) // 6
        last = len(padded) * 8 // 6
        sign = text[first:last]
        if len(sign) >= MIN_SHIFTED_GRAPHEMES:
            yield first % 4, sign
            safe = sign.translate(URL_SAFE)
            if safe != sign:
                yield first % 4, safe


def deltas(data: bytes) -> bytes:
    """XOR of each byte with the next: the same for every single-byte XOR key."""
    if len(data) < 2:
        return b""
    number = int.from_bytes(data, "big")
    mixed = number ^ (number >> 8)
    return mixed.to_bytes(len(data), "big")[1:]


def _make(term: int, variant: Variant, charset: str, raw: bytes, transform: str = "") -> Pattern:
    text = variant.text
    rule = Rule.VALUE if transform in SHIFTS else variant.rule
    edges = (text[-1], text[0]) if transform == "reversed" else (text[0], text[-1])
    return Pattern(term, variant.name, charset, rule, variant.prefix, transform, *edges, len(raw))


def _shifted(index: int, variant: Variant) -> Iterator[tuple[bytes, Pattern]]:
    """rot13 and reversed forms of a whole term."""
    turned = codecs.encode(variant.text, "rot13")
    if sum(char.isascii() and char.isalpha() for char in variant.text) >= MIN_SHIFTED_GRAPHEMES:
        raw = turned.encode()
        yield raw, _make(index, variant, "utf-8", raw, "rot13")
        for table in (SUBSTITUTE, RESTORE):
            raw = variant.text.translate(table).encode()
            yield raw, _make(index, variant, "utf-8", raw, "substitution-62")
    clusters = graphemes(variant.text)
    for backwards in {variant.text[::-1], "".join(reversed(clusters))}:
        if backwards != variant.text and len(clusters) >= MIN_SHIFTED_GRAPHEMES:
            raw = backwards.encode()
            yield raw, _make(index, variant, "utf-8", raw, "reversed")
    raw_backwards = variant.text.encode()[::-1]
    if not variant.text.isascii() and len(clusters) >= MIN_SHIFTED_GRAPHEMES:
        yield raw_backwards, _make(index, variant, "utf-8", raw_backwards, "reversed")


def _whole(index: int, variant: Variant) -> Iterator[tuple[bytes, Pattern]]:
    for charset, raw in encoded(variant.text):
        pattern = _make(index, variant, charset, raw)
        yield raw, pattern
        if variant.rule is Rule.WORD:
            for skip, sign in base64_signs(raw):
                yield (
                    sign,
                    Pattern(
                        index,
                        variant.name,
                        charset,
                        Rule.WORD,
                        0,
                        "base64",
                        "",
                        "",
                        len(sign),
                        skip,
                    ),
                )
    yield from _shifted(index, variant)


def _prefix(index: int, variant: Variant) -> Iterator[tuple[bytes, Pattern]]:
    for charset, raw in encoded(variant.text):
        if charset in ("utf-8", "cp1252"):
            yield raw, _make(index, variant, charset, raw)


class Automaton:
    """Needles with their patterns; several patterns may share a needle."""

    def __init__(self, needles: dict[bytes, list[Pattern]]) -> None:
        self.patterns = list(needles.values())
        self._search = BytesAhoCorasick(list(needles), implementation=Implementation.ContiguousNFA)

    def find(self, data: bytes) -> list[tuple[int, int, int]]:
        """(index into `patterns`, start, end) of every occurrence, overlapping ones too."""
        return self._search.find_matches_as_indexes(data, overlapping=True)


def _add(needles: dict[bytes, list[Pattern]], raw: bytes, pattern: Pattern) -> None:
    if len(raw) < MIN_PATTERN_BYTES:
        return
    group = needles.setdefault(raw, [])
    if not any(
        known.term == pattern.term and known.transform == pattern.transform for known in group
    ):
        group.append(pattern)


def text_automaton(terms: Sequence[str], min_prefix: int) -> Automaton:
    """Every variant, prefix, shift and base64 sign of every term."""
    needles: dict[bytes, list[Pattern]] = {}
    for index, term in enumerate(terms):
        for variant in variants(term):
            for raw, pattern in _whole(index, variant):
                _add(needles, raw, pattern)
        for variant in prefixes(term, min_prefix):
            for raw, pattern in _prefix(index, variant):
                _add(needles, raw, pattern)
    return Automaton(needles)


def xor_automaton(terms: Sequence[str]) -> Automaton:
    """Deltas of every long enough variant, also escaped by JSON: any one-byte XOR key at once."""
    needles: dict[bytes, list[Pattern]] = {}
    for index, term in enumerate(terms):
        for variant in variants(term):
            for charset, raw in encoded(variant.text):
                varied = len(raw) >= MIN_XOR_BYTES and len(set(raw)) >= MIN_XOR_KINDS
                if varied and charset in ("utf-8", "cp1252"):
                    _add(needles, deltas(raw), _make(index, variant, charset, raw, "xor"))
            escaped = json.dumps(variant.text)[1:-1].encode()
            if not variant.text.isascii() and len(escaped) >= MIN_XOR_BYTES:
                made = _make(index, variant, "utf-8", escaped, "xor")
                _add(needles, deltas(escaped), replace(made, first=chr(escaped[0])))
    return Automaton(needles)
