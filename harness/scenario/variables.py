"""Placeholders in a scenario's texts: `${NAME}`, `${env.NAME}`, and `\\${` for the characters.

Input: texts as written and a `Scope` of values. Output: expanded texts, and texts for people in
which the values of `${env.X}` are masked. Refuses expressions: only names stand between the braces
(Maestro evaluates JavaScript there, and types the word `undefined` for a name it does not know).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.errors import ScenarioError

TERM = "TERM"
COPIED_TEXT = "maestro.copiedText"
"""What `copyTextFrom` read last; the name is Maestro's."""

ENVIRONMENT_PREFIX = "env."

MIN_SECRET = 3
"""Shorter secrets are not masked: they would be found everywhere, and hide nothing."""

_PLACEHOLDER = re.compile(r"\\\$\{|\$\{(?P<name>[^{}]*)(?P<close>\}?)")
_NAME = re.compile(r"(?:env\.)?[A-Za-z_][A-Za-z0-9_]*|maestro\.copiedText")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One `${name}`; `start` is its offset in the text, `well_formed` whether it is a name."""

    name: str
    start: int
    well_formed: bool


def placeholders(text: str) -> Iterator[Placeholder]:
    """The placeholders of a text in their order; escaped ones are not any."""
    for match in _PLACEHOLDER.finditer(text):
        name = match["name"]
        if name is not None:
            stripped = name.strip()
            well_formed = bool(match["close"]) and _NAME.fullmatch(stripped) is not None
            yield Placeholder(stripped, match.start(), well_formed)


@dataclass(frozen=True, slots=True)
class Value:
    """A variable's value.

    Attributes:
        secret: masked in everything written.
        literal: stands for itself where a pattern is expected (a term is a text, no pattern).
    """

    text: str
    secret: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables that a step can see; a new scope is made for every change."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def bind(self, name: str, text: str, *, secret: bool = False, literal: bool = False) -> Scope:
        return Scope({**self.values, name: Value(text, secret, literal)})

    def bind_all(self, texts: Mapping[str, str]) -> Scope:
        return Scope({**self.values, **{name: Value(text) for name, text in texts.items()}})

    def expand(self, text: str) -> str:
        """`text` with every placeholder replaced by its value.

        Raises:
            ScenarioError: a name has no value (yet); the reader has refused undeclared ones.
        """
        return _PLACEHOLDER.sub(lambda match: self._replacement(match, pattern=False), text)

    def expand_pattern(self, text: str) -> str:
        """The same for a selector's pattern: literal values are quoted."""
        return _PLACEHOLDER.sub(lambda match: self._replacement(match, pattern=True), text)

    def mask(self, text: str) -> str:
        """`text` with the values of secrets replaced by the placeholder they came from."""
        for name, value in self.values.items():
            if value.secret and len(value.text) >= MIN_SECRET:
                text = text.replace(value.text, f"${{{name}}}")
        return text

    def _replacement(self, match: re.Match[str], *, pattern: bool) -> str:
        if match["name"] is None:
            return r"\$\{" if pattern else "${"
        name = match["name"].strip()
        value = self.values.get(name)
        if value is None:
            raise ScenarioError(
                f"`${{{name}}}` has no value here",
                expected=_expected(name),
                action="run a step that sets it first",
            )
        return re.escape(value.text) if pattern and value.literal else value.text


def _expected(name: str) -> str:
    if name == COPIED_TEXT:
        return "a `copyTextFrom` step before this one"
    return "a term for this run" if name == TERM else "a declared variable"
