"""Words that are cut into parts."""

from __future__ import annotations

import pytest

from harness.virtual.shell.syntax import Literal, Sequence, Substitution, Variable
from harness.virtual.shell.words import ShellSyntaxError, WordReader

NOTHING = Sequence(())


def word(text: str) -> tuple[object, ...]:
    return WordReader(text, lambda inner: NOTHING).word()


def test_parts_of_a_parameter() -> None:
    assert word("${x##*/}") == (Variable("x", False, "##", (Literal("*/", False),)),)
    assert word("${x/a/b}") == (
        Variable("x", False, "/", (Literal("a", False),), (Literal("b", False),)),
    )
    assert word("${#x}") == (Variable("x", False, "length"),)
    assert word("${#}") == (Variable("#", False),)
    assert word("${12}") == (Variable("12", False),)


def test_brackets_of_case_do_not_end_a_substitution() -> None:
    inner: list[str] = []

    def parse(text: str) -> Sequence:
        inner.append(text)
        return NOTHING

    text = "$(case x in a) b;; esac)c"
    assert WordReader(text, parse).word() == (Substitution(NOTHING, False), Literal("c", False))
    assert inner == ["case x in a) b;; esac"]


def test_escapes_of_c() -> None:
    assert word("$'a\\n\\x41\\u00e9\\''") == (Literal("a\nAé'", True),)


@pytest.mark.parametrize("text", ["'a", '"a', "`a", "$'a", "${a", "$(a", "$((a", "${a!}", "${}"])
def test_what_does_not_end(text: str) -> None:
    with pytest.raises(ShellSyntaxError):
        word(text)
