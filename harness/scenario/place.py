"""Where a token of a scenario file stands, and errors that show it.

Input: a file's text and a position in it. Output: `file:line:column`, and the source line with a
caret under the token. Lines and columns count from 1, columns in code points, as editors show them.
Refuses nothing: a place past the end of the text has an empty excerpt.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from harness.errors import ScenarioError

MAX_EXCERPT = 120
"""Characters of a source line that an excerpt shows."""


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a scenario file; `file` is spelled as the user should see it."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name and text; makes places and excerpts."""

    file: str
    text: str

    def excerpt(self, place: Place) -> str:
        """The source line of `place` with its number, and a caret below the column."""
        lines = self.text.splitlines()
        if not 1 <= place.line <= len(lines):
            return ""
        line = lines[place.line - 1]
        start = max(0, place.column - MAX_EXCERPT // 2) if len(line) > MAX_EXCERPT else 0
        shown = line[start : start + MAX_EXCERPT]
        number = f"{place.line:>5} | "
        before = shown[: place.column - 1 - start]
        return f"{number}{shown}\n{' ' * (len(number) - 2)}| {_blank(before)}^"

    def error(
        self, place: Place, what: str, *, seen: str = "", expected: str = "", action: str = ""
    ) -> PlacedError:
        return PlacedError(
            what,
            place=place,
            excerpt=self.excerpt(place),
            seen=seen,
            expected=expected,
            action=action,
        )


class PlacedError(ScenarioError):
    """A scenario error that knows its place and shows the source line below its first line."""

    def __init__(
        self,
        what: str,
        *,
        place: Place,
        excerpt: str = "",
        seen: str = "",
        expected: str = "",
        action: str = "",
    ) -> None:
        super().__init__(what, where=str(place), seen=seen, expected=expected, action=action)
        self.place = place
        self.excerpt = excerpt

    def __str__(self) -> str:
        head, *rest = super().__str__().split("\n")
        return "\n".join([head, *([self.excerpt] if self.excerpt else []), *rest])


def _blank(text: str) -> str:
    """Blanks as wide as `text` is on a terminal, so that the caret stands below its token."""
    return "".join("\t" if ch == "\t" else " " * _width(ch) for ch in text)


def _width(ch: str) -> int:
    if unicodedata.combining(ch) or unicodedata.category(ch) in ("Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1
