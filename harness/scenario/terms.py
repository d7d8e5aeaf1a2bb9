"""The terms of a scenario: in the header, or in a file of their own.

Input: a list of texts, or `{file: terms.txt, tags: [health]}`. A terms file has one term a line;
after a TAB may follow tags, separated by blanks; lines that start with `#` are comments. Output:
the terms, spelled as written (NFC or NFD matters). Refuses empty terms, control characters, and
single letters, and
terms that are the same word twice: what is found could not be told apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from harness.scenario import flows
from harness.scenario.document import Mapping, Scalar, Tree
from harness.scenario.fields import Fields, Reading, texts
from harness.scenario.place import Place, Source

MAX_TERMS = 1000
WORD_CHARACTERS = 0x2E80
"""From here on (CJK radicals, Unicode block list) a single character may be a word."""


def read_terms(reading: Reading, tree: Tree) -> tuple[str, ...]:
    """The terms of the header key `terms`."""
    if isinstance(tree, Scalar):
        raise reading.error(
            tree.place, "`terms` must be a list", seen=tree.text, expected="[word, ...]"
        )
    if isinstance(tree, Mapping):
        return _from_file(reading, tree)
    listing = reading.listing(tree, "`terms`")
    found = [(reading.scalar(item, "a term").text, item.place) for item in listing.items]
    if not found:
        raise reading.error(tree.place, "`terms` is empty", action="name a word to type")
    return checked_terms(reading.source, tree.place, found)


def _from_file(reading: Reading, tree: Tree) -> tuple[str, ...]:
    fields = Fields(reading, reading.mapping(tree, "`terms`"), "`terms`")
    file = fields.required("file")
    tags: tuple[str, ...] = fields.read("tags", (), lambda inner, what: texts(reading, inner, what))
    fields.done()
    name = reading.scalar(file.value, "`file`").text
    path = reading.path.parent / name
    source = Source(str(path), flows.load(reading, file.value.place, path))
    found = parse_terms(source, tags)
    if not found:
        raise reading.error(
            file.value.place, f"`{name}` holds no term" + (f" tagged {tags}" if tags else "")
        )
    return found


def parse_terms(source: Source, tags: Iterable[str] = ()) -> tuple[str, ...]:
    """The terms of a terms file that carry one of `tags` (all, when none is asked for).

    Raises:
        PlacedError: a term that cannot be used.
    """
    wanted = set(tags)
    found = []
    for number, line in enumerate(source.text.splitlines(), start=1):
        term, _, marks = line.partition("\t")
        if not term.strip() or line.startswith("#"):
            continue
        if not wanted or wanted & set(marks.split()):
            found.append((term.strip(), Place(source.file, number, 1)))
    return checked_terms(source, Place(source.file, 1, 1), found)


def checked_terms(
    source: Source, place: Place, found: Iterable[tuple[str, Place]]
) -> tuple[str, ...]:
    seen: dict[str, Place] = {}
    terms = []
    for term, at in found:
        key = unicodedata.normalize("NFC", term)
        if not term.strip():
            raise source.error(at, "a term is empty")
        if any(unicodedata.category(ch) == "Cc" for ch in term):
            raise source.error(at, "a term holds a control character", seen=repr(term))
        if len(key.strip()) == 1 and ord(key.strip()) < WORD_CHARACTERS:
            raise source.error(
                at,
                f"the term `{term}` is a single letter, which is found everywhere",
                action="choose a word that nothing else in the app's traffic holds",
            )
        if key in seen:
            raise source.error(
                at, f"the term `{term}` is given twice", seen=f"first at {seen[key]}"
            )
        seen[key] = at
        terms.append(term)
    if len(terms) > MAX_TERMS:
        raise source.error(place, "too many terms", seen=str(len(terms)), expected=f"{MAX_TERMS}")
    return tuple(terms)
