"""How a verdict becomes the outcome of a test.

Input: a text for people. Output: exceptions that pytest shows as that text, without a traceback. A
leak fails the call phase; an inconclusive run is raised outside it, so that pytest reports an
error: nobody can mistake it for a pass, and nobody for a leak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.errors import HarnessError

if TYPE_CHECKING:
    from _pytest.outcomes import Failed  # what `pytest.fail.Exception` is, for the type checker
else:
    Failed = pytest.fail.Exception


class LeakFound(Failed):
    """A term reached a recipient that no rule allows; raised in the call phase."""

    __module__ = "builtins"  # as pytest's own outcomes, for short lines in its summary

    def __init__(self, text: str) -> None:
        super().__init__(text, pytrace=False)


class Inconclusive(Failed):
    """The run could not tell; raised while a fixture is set up or torn down.

    Attributes:
        error: what was in the way, where an error says so.
    """

    __module__ = "builtins"  # likewise

    def __init__(self, text: str, error: HarnessError | None = None) -> None:
        super().__init__(text, pytrace=False)
        self.error = error
