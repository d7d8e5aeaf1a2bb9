"""Words and operators of a command line.

Input: text. Output: tokens, words already cut into literal, variable and substitution parts.
Follows the shell grammar of POSIX (XCU 2.2-2.3) as mksh does it: quotes, backslash, comments,
`$...`. Raises `ShellSyntaxError` with mksh's words. Here-documents are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from harness.virtual.shell.syntax import (
    Arithmetic,
    Literal,
    Part,
    Sequence,
    Substitution,
    Variable,
    Word,
)

OPERATORS = (
    "&&",
    "||",
    "&>",
    ">>",
    ">&",
    ">|",
    "<&",
    "<<",
    ";;",
    ";",
    "&",
    "|",
    "<",
    ">",
    "(",
    ")",
)
_BREAKS = frozenset("&|;<>() \t\n")
_DESCRIPTOR = re.compile(r"[0-9](?=[<>])")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL = frozenset("?$#@*!0123456789-")
_EXPANSION = re.compile(r"(#?)([A-Za-z_][A-Za-z0-9_]*|[?$#@*!0-9-])(:?[-+=?])?")

SubstitutionParser = Callable[[str], Sequence]


class ShellSyntaxError(Exception):
    """The line is no command line."""


@dataclass(frozen=True, slots=True)
class Operator:
    """`descriptor` is the digit glued before a redirection, or empty."""

    text: str
    descriptor: str = ""


@dataclass(frozen=True, slots=True)
class WordToken:
    """`raw` is the source text, by which reserved words are told from quoted ones."""

    word: Word
    raw: str


Token = Operator | WordToken


class Lexer:
    """Cuts `text` into tokens.

    Args:
        parse: parses the inside of a command substitution.
    """

    def __init__(self, text: str, parse: SubstitutionParser) -> None:
        self._text = text.replace("\\\n", "")
        self._at = 0
        self._parse = parse

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        while (token := self._next()) is not None:
            found.append(token)
        return found

    def _next(self) -> Token | None:
        text = self._text
        while self._at < len(text) and text[self._at] in " \t":
            self._at += 1
        if self._at < len(text) and text[self._at] == "#":
            end = text.find("\n", self._at)
            self._at = len(text) if end < 0 else end
        if self._at >= len(text):
            return None
        if text[self._at] == "\n":
            self._at += 1
            return Operator("\n")
        digit = text[self._at] if _DESCRIPTOR.match(text, self._at) else ""
        for operator in OPERATORS:
            if text.startswith(operator, self._at + len(digit)):
                self._at += len(digit) + len(operator)
                return Operator(operator, digit)
        start = self._at
        word = self._word()
        return WordToken(word, text[start : self._at])

    def _word(self) -> Word:
        parts: list[Part] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in _BREAKS:
                break
            if char == "'":
                parts.append(Literal(self._single_quoted(), quoted=True))
            elif char == '"':
                parts += self._double_quoted()
            elif char == "\\":
                self._at += 1
                parts.append(Literal(self._take(1) or "\\", quoted=True))
            elif char in "$`":
                parts.append(self._dollar(quoted=False))
            else:
                parts.append(Literal(self._take(1), quoted=False))
        return _joined(parts)

    def _take(self, count: int) -> str:
        piece = self._text[self._at : self._at + count]
        self._at += count
        return piece

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise ShellSyntaxError("no closing quote")
        piece = self._text[self._at + 1 : end]
        self._at = end + 1
        return piece

    def _double_quoted(self) -> list[Part]:
        self._at += 1
        parts: list[Part] = [Literal("", quoted=True)]
        while True:
            char = self._take(1)
            if not char:
                raise ShellSyntaxError("no closing quote")
            if char == '"':
                return parts
            if char == "\\":
                following = self._take(1)
                kept = following if following in '$`"\\' else "\\" + following
                parts.append(Literal(kept, quoted=True))
            elif char in "$`":
                self._at -= 1
                parts.append(self._dollar(quoted=True))
            else:
                parts.append(Literal(char, quoted=True))

    def _dollar(self, *, quoted: bool) -> Part:
        if self._take(1) == "`":
            return Substitution(self._parse(self._backquoted()), quoted)
        text = self._text
        if text.startswith("((", self._at):
            end = text.find("))", self._at)
            if end < 0:
                raise ShellSyntaxError("syntax error: unexpected EOF")
            body = text[self._at + 2 : end]
            self._at = end + 2
            return Arithmetic(body, quoted)
        if text.startswith("(", self._at):
            return Substitution(self._parse(self._bracketed("(", ")")), quoted)
        if text.startswith("{", self._at):
            return self._braced(self._bracketed("{", "}"), quoted=quoted)
        if match := _NAME.match(text, self._at):
            self._at = match.end()
            return Variable(match.group(), quoted)
        if self._at < len(text) and text[self._at] in _SPECIAL:
            return Variable(self._take(1), quoted)
        if not quoted and text.startswith(("'", '"'), self._at):
            return Literal("", quoted=True)  # $'...' without escapes; the quotes follow
        return Literal("$", quoted=quoted)

    def _braced(self, body: str, *, quoted: bool) -> Variable:
        match = _EXPANSION.match(body)
        if match is None or (match.group(3) is None and match.end() != len(body)):
            raise ShellSyntaxError(f"${{{body}}}: bad substitution")
        length, name, operator = match.groups()
        inner = Lexer(body[match.end() :], self._parse)
        default = inner._until_end(quoted=quoted)
        return Variable(name, quoted, "#" if length else operator or "", default)

    def _until_end(self, *, quoted: bool) -> Word:
        parts: list[Part] = []
        while self._at < len(self._text):
            if self._text[self._at] in _BREAKS:
                parts.append(Literal(self._take(1), quoted=True))
            else:
                parts += self._word()
        return _joined(parts)

    def _backquoted(self) -> str:
        body: list[str] = []
        while char := self._take(1):
            if char == "`":
                return "".join(body)
            if char == "\\" and self._text[self._at : self._at + 1] in ("`", "\\", "$"):
                char = self._take(1)
            body.append(char)
        raise ShellSyntaxError("no closing quote")

    def _bracketed(self, opening: str, closing: str) -> str:
        """The text between matching brackets, quotes respected."""
        start = self._at + 1
        depth = 0
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "'":
                self._single_quoted()
                continue
            if char == "\\":
                self._at += 2
                continue
            if char == '"':
                self._double_quoted()
                continue
            depth += (char == opening) - (char == closing)
            self._at += 1
            if depth == 0:
                return self._text[start : self._at - 1]
        raise ShellSyntaxError("syntax error: unexpected EOF")


def _joined(parts: list[Part]) -> Word:
    """Neighbouring literals of one kind become one."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Literal) and isinstance(last, Literal) and part.quoted == last.quoted:
            joined[-1] = Literal(last.text + part.text, part.quoted)
        else:
            joined.append(part)
    return tuple(joined)
