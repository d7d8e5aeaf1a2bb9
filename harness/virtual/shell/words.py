"""Words: quotes, backslash and the expansions behind `$` and backquotes.

Input: text and a place in it. Output: words cut into literal, variable and substitution parts, by
POSIX XCU 2.2 and 2.6 as mksh does them. Raises `ShellSyntaxError` with mksh's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from harness.virtual.shell.syntax import (
    Arithmetic,
    Literal,
    Part,
    Sequence,
    Substitution,
    Variable,
    Word,
)

BREAKS = frozenset("&|;<>() \t\n")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL = frozenset("?$#@*!0123456789-")
_PARAMETER = r"([A-Za-z_][A-Za-z0-9_]*|[?$#@*!-]|[0-9]+)"
_LENGTH = re.compile(rf"#{_PARAMETER}")
_EXPANSION = re.compile(rf"{_PARAMETER}(:?[-+=?]|##?|%%?|//?|:)?")
_ANSI = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_ANSI_NAMES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
}
_CASE = re.compile(r"(?<![\w$-])(case|esac)(?![\w-])")
_UNEXPECTED_END = "syntax error: unexpected EOF"

SubstitutionParser = Callable[[str], Sequence]


class ShellSyntaxError(Exception):
    """The line is no command line."""


class WordReader:
    """Reads words of `text`; `parse` parses the inside of a command substitution."""

    def __init__(self, text: str, parse: SubstitutionParser) -> None:
        self._text = text
        self._at = 0
        self._parse = parse

    def word(self) -> Word:
        """The word at this place, up to an operator or a blank."""
        parts: list[Part] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in BREAKS:
                break
            parts += self._piece(char)
        return joined(parts)

    def quoted(self, stop: str = "", escapes: str = '$`"\\') -> Word:
        """Everything up to `stop` as inside double quotes; an empty `stop`: up to the end."""
        parts: list[Part] = [Literal("", quoted=True)]
        while True:
            char = self._take(1)
            if char == stop:
                return joined(parts)
            if not char:
                raise ShellSyntaxError("no closing quote")
            if char == "\\":
                following = self._take(1)
                kept = following if following and following in escapes else "\\" + following
                parts.append(Literal("" if following == "\n" else kept, quoted=True))
            elif char in "$`":
                self._at -= 1
                parts.append(self._dollar(quoted=True))
            else:
                parts.append(Literal(char, quoted=True))

    def _piece(self, char: str) -> list[Part]:
        if char == "'":
            return [Literal(self._single_quoted(), quoted=True)]
        if char == '"':
            self._at += 1
            return list(self.quoted('"'))
        if char == "\\":
            self._at += 1
            following = self._take(1)
            return [] if following == "\n" else [Literal(following or "\\", quoted=True)]
        if char in "$`":
            return [self._dollar(quoted=False)]
        return [Literal(self._take(1), quoted=False)]

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

    def _dollar(self, *, quoted: bool) -> Part:
        if self._take(1) == "`":
            return Substitution(self._parse(self._backquoted()), quoted)
        text = self._text
        if text.startswith("((", self._at) and (body := self.arithmetic()) is not None:
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
        if not quoted and text.startswith("'", self._at):
            return Literal(self._ansi_quoted(), quoted=True)
        if not quoted and text.startswith('"', self._at):
            return Literal("", quoted=True)
        return Literal("$", quoted=quoted)

    def arithmetic(self) -> Word | None:
        """`((...))` at this place; None when the two brackets do not close together."""
        start = self._at + 2
        depth, at = 2, start
        while at < len(self._text) and depth > 1:
            depth += {"(": 1, ")": -1}.get(self._text[at], 0)
            at += 1
        if depth > 1:
            raise ShellSyntaxError(_UNEXPECTED_END)
        if not self._text.startswith(")", at):
            return None
        self._at = at + 1
        return WordReader(self._text[start : at - 1], self._parse).quoted()

    def _ansi_quoted(self) -> str:
        """`$'...'`: C's escapes."""
        end = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL).match(self._text, self._at)
        if end is None:
            raise ShellSyntaxError("no closing quote")
        self._at = end.end()
        return _ANSI.sub(_ansi, end.group(1))

    def _braced(self, body: str, *, quoted: bool) -> Variable:
        if length := _LENGTH.fullmatch(body):
            return Variable(length.group(1), quoted, "length")
        match = _EXPANSION.match(body)
        if match is None or (match.group(2) is None and match.end() != len(body)):
            raise ShellSyntaxError(f"${{{body}}}: bad substitution")
        name, operator = match.group(1), match.group(2) or ""
        rest, second = body[match.end() :], None
        if operator in ("/", "//", ":"):
            rest, between, tail = _cut(rest, ":" if operator == ":" else "/")
            second = self._inner(tail, quoted) if between else None
        return Variable(name, quoted, operator, self._inner(rest, quoted), second)

    def _inner(self, text: str, quoted: bool) -> Word:
        reader = WordReader(text, self._parse)
        parts: list[Part] = []
        while reader._at < len(text):
            char = text[reader._at]
            if char in BREAKS:
                parts.append(Literal(reader._take(1), quoted=quoted))
            else:
                parts += reader._piece(char)
        return joined(parts)

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
        """The text between matching brackets; quotes and the `)` of `case` are respected."""
        start = self._at + 1
        depth = cases = 0
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "'":
                self._single_quoted()
                continue
            if char == '"':
                self._at += 1
                self.quoted('"')
                continue
            if char == "\\":
                self._at += 2
                continue
            if opening == "(" and (word := _CASE.match(self._text, self._at)):
                cases += 1 if word.group() == "case" else -1
                self._at = word.end()
                continue
            self._at += 1
            if char == closing and cases > 0 and depth == 1:
                continue
            depth += (char == opening) - (char == closing)
            if depth == 0:
                return self._text[start : self._at - 1]
        raise ShellSyntaxError(_UNEXPECTED_END)


def _cut(text: str, separator: str) -> tuple[str, str, str]:
    """At the first separator that is neither quoted, escaped nor inside brackets."""
    depth = at = 0
    quote = ""
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == separator and not depth and at:
            return text[:at], separator, text[at + 1 :]
        depth += (char in "({") - (char in ")}")
        at += 1
    return text, "", ""


def _ansi(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "xu" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code[0] in "01234567":
        return chr(int(code, 8) & 0xFF)
    return _ANSI_NAMES.get(code, code)


def joined(parts: list[Part]) -> Word:
    """Neighbouring literals of one kind become one."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Literal) and isinstance(last, Literal) and part.quoted == last.quoted:
            found[-1] = Literal(last.text + part.text, part.quoted)
        else:
            found.append(part)
    return tuple(found)
