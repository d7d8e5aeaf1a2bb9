"""Command line text into a tree.

Grammar: POSIX XCU 2.10 and what mksh adds (`[[`, `((`, `function`); mksh's messages for what does
not fit. Raises `ShellSyntaxError`. Recursion is bounded, so that no input can exhaust the stack.
Compound commands are `compounds`.
"""

from __future__ import annotations

import re

from harness.virtual.shell import compounds
from harness.virtual.shell.lexer import Lexer, Operator, Token, WordToken
from harness.virtual.shell.syntax import (
    AndOr,
    Command,
    Literal,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    Word,
)
from harness.virtual.shell.words import ShellSyntaxError

_MAX_DEPTH = 50
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*\+?)=")
_REDIRECTS = frozenset({"<", ">", ">>", ">|", ">&", "<&", "&>", "<<", "<<-", "<<<"})
_SEPARATORS = frozenset({";", "&", "\n"})
_ENDINGS = frozenset({"then", "elif", "else", "fi", "do", "done", "}", "esac"})
_CLAUSE_ENDS = frozenset({";;", ";&"})


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
        self.openers: list[str] = []
        """The compound commands around this place, as what is missing at the end is told."""

    def whole(self) -> Sequence:
        sequence = self.sequence()
        if self._at < len(self._tokens):
            raise self.unexpected()
        return sequence

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def operator(self) -> str:
        token = self.peek()
        return token.text if isinstance(token, Operator) else ""

    def reserved(self) -> str:
        token = self.peek()
        return token.raw if isinstance(token, WordToken) else ""

    def unexpected(self) -> ShellSyntaxError:
        token = self.peek()
        if token is None:
            missing = f"unmatched '{self.openers[-1]}'" if self.openers else "unexpected EOF"
            return ShellSyntaxError(f"syntax error: {missing}")
        text = token.text if isinstance(token, Operator) else token.raw
        return ShellSyntaxError(f"syntax error: unexpected '{text}'".replace("\n", "newline"))

    def advance(self) -> None:
        self._at += 1

    def ahead(self, count: int) -> Token | None:
        """The token `count` places further."""
        at = self._at + count
        return self._tokens[at] if at < len(self._tokens) else None

    def take_word(self) -> Word:
        """The word that must stand here."""
        token = self.peek()
        if not isinstance(token, WordToken):
            raise self.unexpected()
        self._at += 1
        return token.word

    def take_operator(self, text: str) -> None:
        if self.operator() != text:
            raise self.unexpected()
        self._at += 1

    def expect(self, word: str) -> None:
        if self.reserved() != word:
            raise self.unexpected()
        self._at += 1

    def skip_lines(self) -> None:
        while self.operator() == "\n":
            self._at += 1

    def sequence(self) -> Sequence:
        items: list[AndOr] = []
        self.skip_lines()
        while self.peek() is not None and self.operator() != ")":
            if self.reserved() in _ENDINGS or self.operator() in _CLAUSE_ENDS:
                break
            parts = self._and_or()
            separator = self.operator()
            items.append(AndOr(parts, background=separator == "&"))
            if separator not in _SEPARATORS:
                break
            self._at += 1
            self.skip_lines()
        return Sequence(tuple(items))

    def body(self) -> Sequence:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ShellSyntaxError("syntax error: nested too deeply")
        sequence = self.sequence()
        self._depth -= 1
        if not sequence.items:
            raise self.unexpected()
        return sequence

    def _and_or(self) -> tuple[tuple[str, Pipeline], ...]:
        parts = [("", self._pipeline())]
        while (operator := self.operator()) in ("&&", "||"):
            self._at += 1
            self.skip_lines()
            parts.append((operator, self._pipeline()))
        return tuple(parts)

    def _pipeline(self) -> Pipeline:
        negated = False
        while self.reserved() == "!":
            negated = not negated
            self._at += 1
        commands = [self.command()]
        while self.operator() == "|":
            self._at += 1
            self.skip_lines()
            commands.append(self.command())
        return Pipeline(tuple(commands), negated)

    def command(self) -> Command:
        """One command: compound, a function's definition, or simple."""
        compound = compounds.parsed(self)
        return self._simple() if compound is None else compound

    def redirects(self) -> tuple[Redirect, ...]:
        found = []
        while (redirect := self.redirect()) is not None:
            found.append(redirect)
        return tuple(found)

    def redirect(self) -> Redirect | None:
        """A redirection at this place, None if there is none."""
        token = self.peek()
        if not isinstance(token, Operator) or token.text not in _REDIRECTS:
            return None
        self._at += 1
        target = self.take_word()
        default = 0 if token.text.startswith("<") else 1
        descriptor = int(token.descriptor) if token.descriptor else default
        operator = "<<" if token.text == "<<-" else token.text
        return Redirect(descriptor, operator, target)

    def _simple(self) -> Simple:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            redirect = self.redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            token = self.peek()
            if not isinstance(token, WordToken):
                break
            self._at += 1
            assignment = None if words else _assignment(token.word)
            if assignment is not None:
                assignments.append(assignment)
            else:
                words.append(token.word)
        if not assignments and not words and not redirects:
            raise self.unexpected()
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
