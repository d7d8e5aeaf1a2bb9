"""The one family of errors, sorted by whose fault it is.

A `HarnessError` carries its parts as fields and renders them in one way: what happened, where,
what was seen against what was expected, and the next action. What the app under test does wrong is
never an exception but a finding; an exception always means that the answer could not be given.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class HarnessError(Exception):
    """Root of everything this package raises on purpose.

    Fields are plain strings; empty ones are left out of the rendering.

    Args:
        what: one clause that says what went wrong.
        where: `file:line:column`, a serial with a command, a path.
        seen: what was found.
        expected: what would have been right.
        action: the next thing to do, in the imperative.
    """

    fault = "bug"

    def __init__(
        self, what: str, *, where: str = "", seen: str = "", expected: str = "", action: str = ""
    ) -> None:
        self.what = what
        self.where = where
        self.seen = seen
        self.expected = expected
        self.action = action
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        lines = [head]
        if self.seen:
            lines.append(f"  seen:     {self.seen}")
        if self.expected:
            lines.append(f"  expected: {self.expected}")
        if self.action:
            lines.append(f"  do:       {self.action}")
        return "\n".join(lines)


class ScenarioError(HarnessError):
    """The author of a scenario, an option or an input file must change something."""

    fault = "scenario"


class LabError(HarnessError):
    """The device, adb, Frida, the network or a missing program is in the way."""

    fault = "lab"


class BugError(HarnessError):
    """This package broke its own promise; worth a report to its maintainers."""

    fault = "bug"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or an empty string."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else ""
