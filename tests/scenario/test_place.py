"""Places and excerpts."""

from __future__ import annotations

import pytest

from harness.scenario.place import MAX_EXCERPT, Place, PlacedError, Source


def test_an_error_shows_place_line_caret_and_advice() -> None:
    source = Source("a.yaml", "appId: x\n- tapOnn: y\n")
    error = source.error(Place("a.yaml", 2, 3), "unknown step", action="did you mean `tapOn`?")
    assert str(error) == (
        "a.yaml:2:3: unknown step\n"
        "    2 | - tapOnn: y\n"
        "      |   ^\n"
        "  do:       did you mean `tapOn`?"
    )


@pytest.mark.parametrize(
    ("line", "column", "blanks"),
    [
        ("肝炎 ${X}", 4, 5),  # East Asian characters are two cells wide
        ("he\u0301p ${X}", 6, 4),  # a combining accent has no width
        ("\tx", 2, "\t"),  # a tab stays a tab
    ],
)
def test_the_caret_stands_below_its_token(line: str, column: int, blanks: int | str) -> None:
    caret = Source("a", line).excerpt(Place("a", 1, column)).splitlines()[1]
    assert caret == "      | " + (blanks if isinstance(blanks, str) else " " * blanks) + "^"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    shown, caret = Source("a", line).excerpt(Place("a", 1, 501)).splitlines()
    assert len(shown) <= MAX_EXCERPT + 8
    assert shown[caret.index("^")] == "H"


def test_a_place_past_the_end_has_no_excerpt() -> None:
    assert Source("a", "x").excerpt(Place("a", 9, 1)) == ""
    assert isinstance(Source("a", "").error(Place("a", 1, 1), "empty"), PlacedError)
