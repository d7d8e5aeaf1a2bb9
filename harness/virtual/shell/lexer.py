"""Words and operators of a command line.

Input: text. Output: tokens, by the shell grammar of POSIX (XCU 2.3) as mksh does it: comments, line
ends, here-documents, `((`. Raises `ShellSyntaxError` with mksh's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.virtual.shell.syntax import Arithmetic, Literal, Word
from harness.virtual.shell.words import ShellSyntaxError, SubstitutionParser, WordReader

OPERATORS = (
    *("<<<", "<<-", "&&", "||", "&>", ">>", ">&", ">|", "<&", "<<", ";;", ";&"),
    *(";", "&", "|", "<", ">", "(", ")"),
)
CALCULATION = "(("
_HERE = ("<<", "<<-")
_DESCRIPTOR = re.compile(r"[0-9](?=[<>])")


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


class Lexer(WordReader):
    """Cuts `text` into tokens.

    Args:
        parse: parses the inside of a command substitution.
    """

    def __init__(self, text: str, parse: SubstitutionParser) -> None:
        super().__init__(text, parse)
        self._found: list[Token] = []
        self._awaited: list[tuple[int, bool]] = []
        """Where the delimiters of here-documents stand whose text comes, and whether by `<<-`."""

    def tokens(self) -> list[Token]:
        while (token := self._next()) is not None:
            last = self._found[-1] if self._found else None
            if isinstance(last, Operator) and last.text in _HERE and isinstance(token, WordToken):
                self._awaited.append((len(self._found), last.text == "<<-"))
            if token == Operator("\n"):
                self._read_documents()
            self._found.append(token)
        if self._awaited:
            raise self._unclosed(self._awaited[0][0])
        return self._found

    def _next(self) -> Token | None:
        self._skip_blanks()
        text = self._text
        if self._at >= len(text):
            return None
        if text[self._at] == "\n":
            self._at += 1
            return Operator("\n")
        start = self._at
        if text.startswith(CALCULATION, start) and self._at_command():
            body = self.arithmetic()
            if body is not None:
                return WordToken((Arithmetic(body, quoted=True),), CALCULATION)
        digit = text[start] if _DESCRIPTOR.match(text, start) else ""
        for operator in OPERATORS:
            if text.startswith(operator, start + len(digit)):
                self._at += len(digit) + len(operator)
                return Operator(operator, digit)
        word = self.word()
        return WordToken(word, text[start : self._at])

    def _skip_blanks(self) -> None:
        text = self._text
        while True:
            if text.startswith("\\\n", self._at):
                self._at += 2
            elif self._at < len(text) and text[self._at] in " \t":
                self._at += 1
            else:
                break
        if self._at < len(text) and text[self._at] == "#":
            end = text.find("\n", self._at)
            self._at = len(text) if end < 0 else end

    def _at_command(self) -> bool:
        """Whether a command may begin here."""
        last = self._found[-1] if self._found else Operator("\n")
        return isinstance(last, Operator) or last.raw in (
            "if",
            "while",
            "until",
            "then",
            "do",
            "!",
            "{",
            "else",
            "elif",
        )

    def _read_documents(self) -> None:
        for at, strip_tabs in self._awaited:
            token = self._found[at]
            assert isinstance(token, WordToken)
            delimiter = "".join(part.text for part in token.word if isinstance(part, Literal))
            literal = any(isinstance(part, Literal) and part.quoted for part in token.word)
            lines: list[str] = []
            while True:
                if self._at >= len(self._text):
                    raise self._unclosed(at)
                end = self._text.find("\n", self._at)
                end = len(self._text) if end < 0 else end
                line = self._text[self._at : end]
                self._at = end + 1
                line = line.lstrip("\t") if strip_tabs else line
                if line == delimiter:
                    break
                lines.append(line + "\n")
            body = "".join(lines)
            word = (
                (Literal(body, quoted=True),)
                if literal
                else WordReader(body, self._parse).quoted(escapes="$`\\")
            )
            self._found[at] = WordToken(word, token.raw)
        self._awaited.clear()

    def _unclosed(self, at: int) -> ShellSyntaxError:
        token = self._found[at]
        assert isinstance(token, WordToken)
        return ShellSyntaxError(f"here document '{token.raw}' unclosed")
