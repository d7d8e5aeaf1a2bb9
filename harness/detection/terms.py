"""A typed term to the forms in which it may travel. Pure.

Input: one term as the scenario spells it. Output: its variants (Unicode forms, case, folded
accents, expanded ligatures, spaces as separators) and the prefixes that search-as-you-type sends,
each with its name for the report and the rule under which a match counts as evidence.

Only the term is folded, never the text that is searched: `Therapie` never becomes `Therapeut`, and
`hèpatite` is not a form of `hépatite`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import regex

GRAPHEME = regex.compile(r"\X")
SHORT_GRAPHEMES = 5
"""Below this a term is too short to be evidence inside running text."""

LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "oe", "Ø": "OE"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
STROKES = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"})
SEPARATORS = {
    "space-as-plus": "+",
    "space-as-dash": "-",
    "space-as-underscore": "_",
    "no-space": "",
}

COMMON_WORDS = """
about account action address android apple build button cancel category city click close
config contact content context cookie country currency custom data date default device
display doctor domain email enter error event false field first format google group health
hello home image index input item label language level list local login message method
mobile model module name network number object online open option order other page param
password path payload phone place platform point position price product profile property
query region request response result return screen search select sender server service
session setting source start state status store string submit system table target term test
text time title token total track true type unknown update user username value version view
visit web window write none null undefined private public insurance male female
"""
COMMON = frozenset(COMMON_WORDS.split())
"""Words that telemetry uses for itself: as a term they count only as a whole value."""


class Rule(Enum):
    """What must surround a match (see `harness.detection.boundaries`)."""

    WORD = "word"
    TOKEN = "token"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Variant:
    """One form of a term.

    Attributes:
        name: for the report, parts joined by `+` (`accent-folded+upper`).
        text: the form itself.
        rule: what must surround a match.
        prefix: number of grapheme clusters for a prefix, 0 for the whole term.
    """

    name: str
    text: str
    rule: Rule
    prefix: int = 0


def graphemes(text: str) -> list[str]:
    """User-perceived characters (UAX #29 extended grapheme clusters)."""
    return GRAPHEME.findall(text)


def spaceless(char: str) -> bool:
    """Whether `char` belongs to a script that is written without spaces between words."""
    code = ord(char)
    return (
        0x0E00 <= code <= 0x0EFF  # Thai, Lao
        or 0x1000 <= code <= 0x109F  # Myanmar
        or 0x1780 <= code <= 0x17FF  # Khmer
        or 0x3040 <= code <= 0x30FF  # kana
        or 0x3400 <= code <= 0x9FFF  # Han
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


def rule_for(term: str) -> Rule:
    """Strong terms need a word boundary; short ones a whole token, common ones a whole value."""
    clusters = graphemes(term)
    if term.casefold() in COMMON:
        return Rule.VALUE
    if clusters and all(spaceless(cluster[0]) for cluster in clusters):
        return Rule.WORD if len(clusters) >= 2 else Rule.VALUE
    return Rule.WORD if len(clusters) >= SHORT_GRAPHEMES else Rule.TOKEN


def fold_accents(text: str) -> str:
    """Drop combining marks: `hépatite` to `hepatite`, `Łódź` to `Lodz`."""
    bare = "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    )
    return unicodedata.normalize("NFC", bare).translate(STROKES)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


FORMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("nfc", _nfc),
    ("as-typed", lambda text: text),
    ("nfd", lambda text: unicodedata.normalize("NFD", text)),
    ("nfkc", lambda text: unicodedata.normalize("NFKC", text)),
    ("accent-folded", fold_accents),
    ("ligature-expanded", lambda text: _nfc(text).translate(LIGATURES)),
    ("umlaut-expanded", lambda text: _nfc(text).translate(UMLAUTS).translate(LIGATURES)),
    ("ascii", lambda text: fold_accents(_nfc(text).translate(LIGATURES))),
)
CASES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("", lambda text: text),
    ("lower", str.lower),
    ("casefold", str.casefold),
    ("upper", str.upper),
    ("title", str.title),
    ("capitalized", lambda text: text[:1].upper() + text[1:]),
)


def _spaced(name: str, text: str) -> Iterator[tuple[str, str]]:
    yield name, text
    words = text.split()
    if len(words) < 2:
        return
    yield f"{name}+single-space", " ".join(words)
    for separator_name, separator in SEPARATORS.items():
        yield f"{name}+{separator_name}", separator.join(words)


def variants(term: str) -> tuple[Variant, ...]:
    """Whole-term variants, the typed one first; equal texts keep their first name."""
    rule = rule_for(term)
    seen: dict[str, str] = {}
    for form_name, form in FORMS:
        for case_name, case in CASES:
            text = case(form(term))
            name = "+".join(part for part in (form_name, case_name) if part)
            if form_name == "nfc" and case_name:
                name = case_name
            for full_name, full_text in _spaced(name, text):
                seen.setdefault(full_text, full_name)
    return tuple(Variant(name, text, rule) for text, name in seen.items() if text.strip())


def prefixes(term: str, min_prefix: int) -> tuple[Variant, ...]:
    """What typing grapheme by grapheme sends before the term is complete, shortest first."""
    seen: dict[str, Variant] = {}
    clusters = graphemes(_nfc(term))
    whole = {variant.text for variant in variants(term)}
    for count in range(max(1, min_prefix), len(clusters)):
        start = "".join(clusters[:count])
        if start != start.rstrip():
            continue
        for name, text in (
            ("", start),
            ("+nfd", unicodedata.normalize("NFD", start)),
            ("+lower", start.lower()),
            ("+accent-folded", fold_accents(start)),
        ):
            if text not in whole:
                seen.setdefault(text, Variant(f"prefix[{count}]{name}", text, Rule.VALUE, count))
    return tuple(seen.values())
