"""Compound commands: groups, `if`, `for`, `while`, `case`, `[[ ]]`, `(( ))`, functions.

Input: a parser that stands at a command. Output: the node, or None when it is a simple command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.virtual.shell.lexer import CALCULATION, Operator, WordToken
from harness.virtual.shell.syntax import (
    Arithmetic,
    Calculation,
    Case,
    Clause,
    Command,
    Condition,
    For,
    Function,
    Group,
    If,
    Joined,
    Sequence,
    Term,
    While,
    Word,
)

if TYPE_CHECKING:
    from harness.virtual.shell.parser import Parser

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_UNARY = re.compile(r"-[a-zA-Z]\Z")
_BINARY = frozenset(
    {"=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"}
)


def parsed(parser: Parser) -> Command | None:
    """The compound command or function at this place, None if there is none."""
    if parser.operator() == "(":
        return _subshell(parser)
    word = parser.reserved()
    read = _READERS.get(word)
    if read is not None:
        with _opened(parser, word):
            return read(parser)
    ahead = [parser.ahead(1), parser.ahead(2)]
    if _NAME.match(word) and ahead == [Operator("("), Operator(")")]:
        for _ in range(3):
            parser.advance()
        return _function_body(parser, word)
    return None


@contextmanager
def _opened(parser: Parser, word: str) -> Iterator[None]:
    parser.openers.append(word)
    yield
    parser.openers.pop()


def _subshell(parser: Parser) -> Group:
    with _opened(parser, "("):
        parser.advance()
        body = parser.body()
        parser.take_operator(")")
    return Group(body, own_shell=True, redirects=parser.redirects())


def _group(parser: Parser) -> Group:
    parser.advance()
    body = parser.body()
    parser.expect("}")
    return Group(body, own_shell=False, redirects=parser.redirects())


def _if(parser: Parser) -> If:
    branches = []
    otherwise = None
    parser.expect("if")
    while True:
        condition = parser.body()
        parser.expect("then")
        branches.append((condition, parser.body()))
        if parser.reserved() != "elif":
            break
        parser.advance()
    if parser.reserved() == "else":
        parser.advance()
        otherwise = parser.body()
    parser.expect("fi")
    return If(tuple(branches), otherwise, parser.redirects())


def _for(parser: Parser) -> For:
    parser.expect("for")
    name = parser.reserved()
    if not _NAME.match(name):
        raise parser.unexpected()
    parser.advance()
    words: list[Word] | None = None
    parser.skip_lines()
    if parser.reserved() == "in":
        parser.advance()
        words = []
        while isinstance(token := parser.peek(), WordToken):
            words.append(token.word)
            parser.advance()
    if parser.operator() in (";", "\n"):
        parser.advance()
        parser.skip_lines()
    body = _loop_body(parser)
    return For(name, None if words is None else tuple(words), body, parser.redirects())


def _while(parser: Parser) -> While:
    until = parser.reserved() == "until"
    parser.advance()
    condition = parser.body()
    return While(condition, _loop_body(parser), until, parser.redirects())


def _loop_body(parser: Parser) -> Sequence:
    parser.expect("do")
    body = parser.body()
    parser.expect("done")
    return body


def _case(parser: Parser) -> Case:
    parser.advance()
    subject = parser.take_word()
    parser.skip_lines()
    parser.expect("in")
    parser.skip_lines()
    clauses = []
    while parser.reserved() != "esac":
        clauses.append(_clause(parser))
        parser.skip_lines()
    parser.expect("esac")
    return Case(subject, tuple(clauses), parser.redirects())


def _clause(parser: Parser) -> Clause:
    if parser.operator() == "(":
        parser.advance()
    patterns = [parser.take_word()]
    while parser.operator() == "|":
        parser.advance()
        patterns.append(parser.take_word())
    parser.take_operator(")")
    body = parser.sequence()
    ending = parser.operator()
    if ending in (";;", ";&"):
        parser.advance()
    elif parser.reserved() != "esac":
        raise parser.unexpected()
    return Clause(tuple(patterns), body, ending or ";;")


def _function(parser: Parser) -> Function:
    parser.advance()
    name = parser.reserved()
    parser.take_word()
    if parser.operator() == "(":
        parser.advance()
        parser.take_operator(")")
    return _function_body(parser, name)


def _function_body(parser: Parser, name: str) -> Function:
    parser.skip_lines()
    body = parsed(parser)
    if body is None:
        raise parser.unexpected()
    return Function(name, body)


def _calculation(parser: Parser) -> Calculation:
    (expression,) = parser.take_word()
    assert isinstance(expression, Arithmetic)
    return Calculation(expression, parser.redirects())


def _condition(parser: Parser) -> Condition:
    parser.advance()
    tree = _joined(parser, "||", lambda: _joined(parser, "&&", lambda: _term(parser)))
    parser.expect("]]")
    return Condition(tree, parser.redirects())


def _joined(parser: Parser, operator: str, part: Callable[[], Joined | Term]) -> Joined | Term:
    parts = [part()]
    while parser.operator() == operator:
        parser.advance()
        parts.append(part())
    return Joined(operator, tuple(parts)) if len(parts) > 1 else parts[0]


def _term(parser: Parser) -> Joined | Term:
    word = parser.reserved()
    if word == "!":
        parser.advance()
        return Joined("!", (_term(parser),))
    if parser.operator() == "(":
        parser.advance()
        inner = _joined(parser, "||", lambda: _joined(parser, "&&", lambda: _term(parser)))
        parser.take_operator(")")
        return inner
    first = parser.take_word()
    if _UNARY.match(word) and parser.reserved() != "]]" and parser.reserved() not in _BINARY:
        return Term(word, (parser.take_word(),))
    operator = parser.reserved() or parser.operator()
    if operator in _BINARY or operator in ("<", ">"):
        parser.advance()
        return Term(operator, (first, parser.take_word()))
    return Term("", (first,))


_READERS: dict[str, Callable[[Parser], Command]] = {
    "{": _group,
    "if": _if,
    "for": _for,
    "while": _while,
    "until": _while,
    "case": _case,
    "function": _function,
    "[[": _condition,
    CALCULATION: _calculation,
}
