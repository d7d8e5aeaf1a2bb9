"""Patterns on texts."""

from __future__ import annotations

import pytest

from harness.virtual.shell.patterns import fields, glob_escape, matches, replaced


@pytest.mark.parametrize("text", ["a*b", "[x]", "?", "a\\b"])
def test_an_escaped_pattern_matches_only_itself(text: str) -> None:
    assert matches(text, glob_escape(text))
    assert not matches(text + "x", glob_escape(text))


def test_the_longest_match_is_replaced() -> None:
    assert replaced("aXXb", "X*", "-", everywhere=False) == "a-"
    assert replaced("aXbX", "X", "", everywhere=True) == "ab"
    assert replaced("abc", "z", "-", everywhere=True) == "abc"


@pytest.mark.parametrize(
    ("value", "separators", "wanted"),
    [
        (" a  b ", " \t\n", (True, ["a", "b"], True)),
        ("a:b::c:", ":", (False, ["a", "b", "", "c"], True)),
        ("a : b", ": ", (False, ["a", "b"], False)),
        ("a b", "", (False, ["a b"], False)),
        ("a]b-c", "]-", (False, ["a", "b", "c"], False)),
    ],
)
def test_fields(value: str, separators: str, wanted: tuple[bool, list[str], bool]) -> None:
    assert fields(value, separators) == wanted
