"""Typed reading of a mapping: every value is text, and each field says what it wants to be.

Input: a `Tree` with a `Reading` (source, known variables). Output: str, bool, int, lists, pairs.
Refuses: values of another shape, unknown keys (with the nearest known one), missing values,
placeholders that are no names or not declared. Every refusal names its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias, TypeVar

from harness.errors import nearest
from harness.scenario import document
from harness.scenario.document import Entry, Listing, Scalar, Tree
from harness.scenario.model import Step
from harness.scenario.place import Place, PlacedError, Source
from harness.scenario.variables import COPIED_TEXT, ENVIRONMENT_PREFIX, TERM, placeholders

T = TypeVar("T")

TRUE = frozenset({"true", "yes", "on"})
FALSE = frozenset({"false", "no", "off"})
MAX_STEPS = 2000
"""Steps of a scenario with all its included files; more means files that include each other."""


StepsReader: TypeAlias = Callable[["Reading", Tree, str], tuple[Step, ...]]


@dataclass
class Tally:
    """What is counted over all files that belong to a scenario.

    Attributes:
        steps_left: how many steps may still be read.
        environment: names of the environment that texts use.
    """

    steps_left: int = MAX_STEPS
    environment: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Reading:
    """What the reading of one file needs.

    Attributes:
        names: variables that texts may use at this point.
        load: text of another file (`runFlow: file`, `terms: {file}`); raises `OSError`.
        trail: files that lead here, this one last.
        read_steps: reads a list of steps (the language is recursive, its modules are not).
    """

    source: Source
    path: Path
    names: frozenset[str]
    load: Callable[[Path], str]
    trail: tuple[Path, ...]
    read_steps: StepsReader
    tally: Tally = field(default_factory=Tally)

    def with_names(self, names: Iterable[str]) -> Reading:
        return replace(self, names=self.names | frozenset(names))

    def error(
        self, place: Place, what: str, *, seen: str = "", expected: str = "", action: str = ""
    ) -> PlacedError:
        return self.source.error(place, what, seen=seen, expected=expected, action=action)

    def unknown(self, what: str, place: Place, word: str, known: Iterable[str]) -> PlacedError:
        """The refusal of a word that is none of `known`."""
        words = sorted(known)
        near = nearest(word, words)
        return self.error(
            place,
            f"unknown {what} `{word}`",
            expected="" if near else f"one of {', '.join(words)}",
            action=f"did you mean `{near}`?" if near else "",
        )

    def text(self, tree: Tree, what: str) -> str:
        """A scalar's text, its placeholders checked."""
        scalar = self.scalar(tree, what)
        for placeholder in placeholders(scalar.text):
            self._check(scalar, placeholder.name, placeholder.well_formed)
        return scalar.text

    def scalar(self, tree: Tree, what: str) -> Scalar:
        if not isinstance(tree, Scalar):
            shape = "a list" if isinstance(tree, Listing) else "a mapping"
            raise self.error(tree.place, f"{what} must be a text", seen=shape)
        if tree.missing:
            raise self.error(tree.place, f"{what} has no value", action="write one, or remove it")
        return tree

    def mapping(self, tree: Tree, what: str) -> document.Mapping:
        if not isinstance(tree, document.Mapping):
            shape = "a list" if isinstance(tree, Listing) else f"the text `{tree.text}`"
            raise self.error(tree.place, f"{what} must be a mapping", seen=shape)
        return tree

    def listing(self, tree: Tree, what: str) -> Listing:
        if not isinstance(tree, Listing):
            shape = "a text" if isinstance(tree, Scalar) else "a mapping"
            raise self.error(tree.place, f"{what} must be a list", seen=shape)
        return tree

    def _check(self, scalar: Scalar, name: str, well_formed: bool) -> None:
        place = self._place_of(scalar, name)
        if not well_formed:
            raise self.error(
                place,
                f"`${{{name}}}` is not a name",
                expected="${NAME} or ${env.NAME}; expressions are not evaluated",
                action=r"write \${ for the characters themselves",
            )
        bare = name.removeprefix(ENVIRONMENT_PREFIX)
        if name in self.names:
            if bare != name:
                self.tally.environment.add(bare)
            return
        if bare != name:
            action = f"set it: --leak-env {bare}=VALUE, or the environment variable {bare}"
        elif name == TERM:
            action = "declare `terms: [...]` in the header"
        else:
            near = nearest(name, self.names)
            hint = f"did you mean `${{{near}}}`? or " if near else ""
            action = f"{hint}declare it under `env:` in the header"
        raise self.error(place, f"undeclared variable `${{{name}}}`", action=action)

    def _place_of(self, scalar: Scalar, name: str) -> Place:
        """The placeholder's own place if it stands on the scalar's first line."""
        lines = self.source.text.splitlines()
        line = lines[scalar.place.line - 1] if scalar.place.line <= len(lines) else ""
        column = line.find("${" + name, scalar.place.column - 1)
        return replace(scalar.place, column=column + 1) if column >= 0 else scalar.place


class Fields:
    """The entries of one mapping, taken one by one; `done` refuses what nobody took."""

    def __init__(
        self, reading: Reading, mapping: document.Mapping, what: str, noun: str = ""
    ) -> None:
        self.reading = reading
        self.what = what
        self.noun = noun or f"property of {what}"
        self.place = mapping.place
        self._entries = {entry.key: entry for entry in mapping.entries}
        self._known: set[str] = set()

    def take(self, key: str) -> Entry | None:
        self._known.add(key)
        return self._entries.pop(key, None)

    def peek(self, key: str) -> Entry | None:
        """The entry, left for another to take."""
        return self._entries.get(key)

    def required(self, key: str) -> Entry:
        entry = self.take(key)
        if entry is None:
            raise self.reading.error(self.place, f"{self.what} needs `{key}`")
        return entry

    def read(self, key: str, default: T, reader: Callable[[Tree, str], T]) -> T:
        entry = self.take(key)
        return default if entry is None else reader(entry.value, f"`{key}`")

    def text(self, key: str, default: str = "") -> str:
        return self.read(key, default, self.reading.text)

    def required_text(self, key: str) -> str:
        return self.reading.text(self.required(key).value, f"`{key}`")

    def flag(self, key: str, default: bool) -> bool:
        return self.read(key, default, lambda tree, what: flag(self.reading, tree, what))

    def number(self, key: str, default: int, *, low: int = 0, high: int = 3_600_000) -> int:
        return self.read(
            key, default, lambda tree, what: number(self.reading, tree, what, low, high)
        )

    def choice(self, key: str, default: str, allowed: Iterable[str]) -> str:
        return self.read(key, default, lambda tree, what: choice(self.reading, tree, what, allowed))

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        return self.read(key, (), lambda tree, what: pairs(self.reading, tree, what))

    def done(self) -> None:
        for entry in self._entries.values():
            raise self.reading.unknown(self.noun, entry.place, entry.key, self._known)


def flag(reading: Reading, tree: Tree, what: str) -> bool:
    text = reading.scalar(tree, what).text
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise reading.error(tree.place, f"{what} must be true or false", seen=text)


def number(reading: Reading, tree: Tree, what: str, low: int, high: int) -> int:
    """A whole number; `_` between digits is allowed, as in Maestro."""
    text = reading.scalar(tree, what).text
    digits = text.replace("_", "")
    if not (digits.removeprefix("-").isascii() and digits.removeprefix("-").isdigit()):
        raise reading.error(tree.place, f"{what} must be a whole number", seen=text)
    if len(digits) > 12 or not low <= int(digits) <= high:
        raise reading.error(
            tree.place, f"{what} is out of range", seen=text, expected=f"{low} to {high}"
        )
    return int(digits)


def choice(reading: Reading, tree: Tree, what: str, allowed: Iterable[str]) -> str:
    """One of some words, in any case; the spelling of `allowed` is returned."""
    text = reading.scalar(tree, what).text
    words = {word.casefold(): word for word in allowed}
    if text.casefold() not in words:
        raise reading.unknown(f"value of {what}", tree.place, text, words.values())
    return words[text.casefold()]


def texts(reading: Reading, tree: Tree, what: str) -> tuple[str, ...]:
    """A list of texts, or a single one."""
    if isinstance(tree, Scalar):
        return (reading.text(tree, what),)
    listing = reading.listing(tree, what)
    return tuple(reading.text(item, f"an entry of {what}") for item in listing.items)


def pairs(reading: Reading, tree: Tree, what: str) -> tuple[tuple[str, str], ...]:
    mapping = reading.mapping(tree, what)
    return tuple(
        (entry.key, reading.text(entry.value, f"`{entry.key}`")) for entry in mapping.entries
    )


def declared(values: Mapping[str, str], environment: Mapping[str, str]) -> frozenset[str]:
    """Names that are known before a header is read."""
    return frozenset({*values, *(ENVIRONMENT_PREFIX + name for name in environment), COPIED_TEXT})
