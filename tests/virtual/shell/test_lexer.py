"""Words are cut into parts that keep what was quoted."""

from __future__ import annotations

import pytest

from harness.virtual.shell.lexer import Lexer, Operator, Token, WordToken
from harness.virtual.shell.syntax import Arithmetic, Literal, Sequence, Substitution, Variable
from harness.virtual.shell.words import ShellSyntaxError


def tokens(text: str) -> list[Token]:
    return Lexer(text, lambda inner: Sequence(())).tokens()


def word(text: str) -> tuple[object, ...]:
    (token,) = tokens(text)
    assert isinstance(token, WordToken)
    return token.word


def test_quotes_are_kept_apart() -> None:
    assert word("a'b c'\"d\"") == (Literal("a", False), Literal("b cd", True))


def test_kinds_of_dollars() -> None:
    assert word("$a") == (Variable("a", False),)
    assert word('"${a}"')[-1] == Variable("a", True)
    assert word("${a:-b}") == (Variable("a", False, ":-", (Literal("b", False),)),)
    assert word("$(x)") == (Substitution(Sequence(()), False),)
    assert word("$((1+2))") == (Arithmetic((Literal("1+2", True),), False),)
    assert word("$") == (Literal("$", False),)
    assert word("a$%") == (Literal("a$%", False),)


def test_operators_and_comments() -> None:
    found = [t.text for t in tokens("a&&b||c;d&e|f # g\nh") if isinstance(t, Operator)]
    assert found == ["&&", "||", ";", "&", "|", "\n"]


def test_descriptors_before_redirections() -> None:
    assert Operator(">", "2") in tokens("a 2>b")
    assert Operator(">&", "2") in tokens("a 2>&1")
    assert Operator(">", "") in tokens("a2>b")


def test_a_line_end_behind_a_backslash_joins_lines() -> None:
    assert word("a\\\nb") == (Literal("ab", False),)


def test_open_quotes_are_an_error() -> None:
    with pytest.raises(ShellSyntaxError, match="no closing quote"):
        tokens("`a")


def test_here_documents_stand_where_their_delimiters_stood() -> None:
    found = tokens("a <<X <<-'Y'; b\n$c\nX\n\t$d\n\tY\ne")
    words = [token.word for token in found if isinstance(token, WordToken)]
    assert words[1] == (Literal("", True), Variable("c", True), Literal("\n", True))
    assert words[2] == (Literal("$d\n", True),)
    assert words[-1] == (Literal("e", False),)
    with pytest.raises(ShellSyntaxError, match="here document 'X' unclosed"):
        tokens("a <<X\nb")
