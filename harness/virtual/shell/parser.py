"""Command line text into a tree.

Grammar: POSIX XCU 2.10 without functions, `case` and here-documents; mksh's messages for what does
not fit. Raises `ShellSyntaxError`. Recursion is bounded, so that no input can exhaust the stack.
"""

from __future__ import annotations

import re

from harness.virtual.shell.lexer import Lexer, Operator, ShellSyntaxError, Token, WordToken
from harness.virtual.shell.syntax import (
    AndOr,
    Command,
    For,
    Group,
    If,
    Literal,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    While,
    Word,
)

_MAX_DEPTH = 50
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REDIRECTS = frozenset({"<", ">", ">>", ">|", ">&", "<&", "&>"})
_SEPARATORS = frozenset({";", "&", "\n"})
_ENDINGS = frozenset({"then", "elif", "else", "fi", "do", "done", "}"})


def parse(text: str, depth: int = 0) -> Sequence:
    """The tree of `text`."""
    if depth > _MAX_DEPTH:
        raise ShellSyntaxError("syntax error: nested too deeply")
    tokens = Lexer(text, lambda inner: parse(inner, depth + 1)).tokens()
    return Parser(tokens, depth).whole()


class Parser:
    """Recursive descent over tokens."""

    def __init__(self, tokens: list[Token], depth: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = depth

    def whole(self) -> Sequence:
        sequence = self._sequence()
        if self._at < len(self._tokens):
            raise self._unexpected()
        return sequence

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _operator(self) -> str:
        token = self._peek()
        return token.text if isinstance(token, Operator) else ""

    def _reserved(self) -> str:
        token = self._peek()
        return token.raw if isinstance(token, WordToken) else ""

    def _unexpected(self) -> ShellSyntaxError:
        token = self._peek()
        if token is None:
            return ShellSyntaxError("syntax error: unexpected EOF")
        text = token.text if isinstance(token, Operator) else token.raw
        return ShellSyntaxError(f"syntax error: unexpected '{text}'".replace("\n", "newline"))

    def _expect(self, word: str) -> None:
        if self._reserved() != word:
            raise self._unexpected()
        self._at += 1

    def _skip_lines(self) -> None:
        while self._operator() == "\n":
            self._at += 1

    def _sequence(self) -> Sequence:
        items: list[AndOr] = []
        self._skip_lines()
        while self._peek() is not None and self._operator() != ")":
            if self._reserved() in _ENDINGS:
                break
            parts = self._and_or()
            separator = self._operator()
            items.append(AndOr(parts, background=separator == "&"))
            if separator not in _SEPARATORS:
                break
            self._at += 1
            self._skip_lines()
        return Sequence(tuple(items))

    def _body(self) -> Sequence:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ShellSyntaxError("syntax error: nested too deeply")
        sequence = self._sequence()
        self._depth -= 1
        if not sequence.items:
            raise self._unexpected()
        return sequence

    def _and_or(self) -> tuple[tuple[str, Pipeline], ...]:
        parts = [("", self._pipeline())]
        while (operator := self._operator()) in ("&&", "||"):
            self._at += 1
            self._skip_lines()
            parts.append((operator, self._pipeline()))
        return tuple(parts)

    def _pipeline(self) -> Pipeline:
        negated = False
        while self._reserved() == "!":
            negated = not negated
            self._at += 1
        commands = [self._command()]
        while self._operator() == "|":
            self._at += 1
            self._skip_lines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    def _command(self) -> Command:
        if self._operator() == "(":
            self._at += 1
            body = self._body()
            if self._operator() != ")":
                raise self._unexpected()
            self._at += 1
            return Group(body, own_shell=True, redirects=self._redirects())
        match self._reserved():
            case "{":
                self._at += 1
                body = self._body()
                self._expect("}")
                return Group(body, own_shell=False, redirects=self._redirects())
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "while" | "until":
                return self._while()
        return self._simple()

    def _if(self) -> If:
        branches = []
        otherwise = None
        self._expect("if")
        while True:
            condition = self._body()
            self._expect("then")
            branches.append((condition, self._body()))
            if self._reserved() != "elif":
                break
            self._at += 1
        if self._reserved() == "else":
            self._at += 1
            otherwise = self._body()
        self._expect("fi")
        return If(tuple(branches), otherwise, self._redirects())

    def _for(self) -> For:
        self._expect("for")
        name = self._reserved()
        if not _NAME.match(name):
            raise self._unexpected()
        self._at += 1
        words: list[Word] = []
        self._skip_lines()
        if self._reserved() == "in":
            self._at += 1
            while isinstance(token := self._peek(), WordToken):
                words.append(token.word)
                self._at += 1
        if self._operator() in (";", "\n"):
            self._at += 1
            self._skip_lines()
        self._expect("do")
        body = self._body()
        self._expect("done")
        return For(name, tuple(words), body, self._redirects())

    def _while(self) -> While:
        until = self._reserved() == "until"
        self._at += 1
        condition = self._body()
        self._expect("do")
        body = self._body()
        self._expect("done")
        return While(condition, body, until, self._redirects())

    def _redirects(self) -> tuple[Redirect, ...]:
        found = []
        while (redirect := self._redirect()) is not None:
            found.append(redirect)
        return tuple(found)

    def _redirect(self) -> Redirect | None:
        """A redirection at this place, None if there is none."""
        token = self._peek()
        if not isinstance(token, Operator) or token.text not in _REDIRECTS:
            if isinstance(token, Operator) and token.text == "<<":
                raise ShellSyntaxError("here-documents are not supported")
            return None
        self._at += 1
        target = self._peek()
        if not isinstance(target, WordToken):
            raise self._unexpected()
        self._at += 1
        default = 0 if token.text.startswith("<") else 1
        descriptor = int(token.descriptor) if token.descriptor else default
        return Redirect(descriptor, token.text, target.word)

    def _simple(self) -> Simple:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            redirect = self._redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            token = self._peek()
            if not isinstance(token, WordToken):
                break
            self._at += 1
            assignment = None if words else _assignment(token.word)
            if assignment is not None:
                assignments.append(assignment)
            else:
                words.append(token.word)
        if not assignments and not words and not redirects:
            raise self._unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects))


def _assignment(word: Word) -> tuple[str, Word] | None:
    first = word[0] if word else None
    if not isinstance(first, Literal) or first.quoted:
        return None
    match = _ASSIGNMENT.match(first.text)
    if match is None:
        return None
    rest = first.text[match.end() :]
    value = (Literal(rest, quoted=False), *word[1:]) if rest else word[1:]
    return match.group(1), value
