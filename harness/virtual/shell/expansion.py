"""From the words of a command line to the arguments of a command.

Brace, tilde, parameter, command and arithmetic expansion, field splitting, file name patterns,
removal of quotes, in the order of POSIX XCU 2.6. Command substitution is asked of the interpreter.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from harness.virtual.device.filesystem import FileSystem
from harness.virtual.shell.arithmetic import evaluate
from harness.virtual.shell.braces import expanded
from harness.virtual.shell.command import ShellState
from harness.virtual.shell.control import ShellFault
from harness.virtual.shell.patterns import REMOVALS, glob_escape, matches, replaced
from harness.virtual.shell.patterns import fields as split
from harness.virtual.shell.syntax import (
    Arithmetic,
    Literal,
    Part,
    Sequence,
    Substitution,
    Variable,
    Word,
)

BLANKS = " \t\n"
_TILDE = re.compile(r"~(/|\Z)")
_DEFAULTS = ("-", "+", "=", "?")
_PATTERN = re.compile(r"[*?\[]")

Capture = Callable[[Sequence], Awaitable[str]]
SHELL_PID = 4242
"""What `$$` says; the device's shell is no process of its own."""


class ExpansionError(ShellFault):
    """A word cannot be expanded; the text is the shell's message."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    quoted: bool


class Expander:
    """Expands words for one shell.

    Args:
        state: variables and working directory.
        files: for file name patterns.
        capture: runs a command substitution and gives its output.
    """

    def __init__(self, state: ShellState, files: FileSystem, capture: Capture) -> None:
        self._state = state
        self._files = files
        self._capture = capture

    async def fields(self, words: tuple[Word, ...]) -> list[str]:
        """The arguments that `words` become; one word may give none or many."""
        result: list[str] = []
        for whole in words:
            for word in expanded(self._home(whole)):
                for field in await self._split(word):
                    result += self._paths(field)
        return result

    def _home(self, word: Word) -> Word:
        """`~` at the beginning."""
        first = word[0] if word else None
        if not isinstance(first, Literal) or first.quoted or not _TILDE.match(first.text):
            return word
        home = Literal(self._state.variables.get("HOME", "~"), quoted=True)
        return (home, Literal(first.text[1:], quoted=False), *word[1:])

    async def pattern(self, word: Word) -> str:
        """A word as a file name pattern, in which what is quoted stands for itself."""
        found = []
        for part in word:
            value = await self._value(part)
            found.append(glob_escape(value) if part.quoted else value)
        return "".join(found)

    async def text(self, word: Word) -> str:
        """One string, without splitting or patterns (assignments, redirections)."""
        return "".join([await self._value(part) for part in self._home(word)])

    async def _split(self, word: Word) -> list[list[_Piece]]:
        fields: list[list[_Piece]] = [[]]
        for part in word:
            if _is_arguments(part):
                self._arguments(fields, quoted=part.quoted)
                continue
            value = await self._value(part)
            if isinstance(part, Literal) or part.quoted:
                fields[-1].append(_Piece(value, part.quoted))
            else:
                self._add(fields, value)
        if not self._state.arguments and _only_arguments(word):
            return []
        return [field for field in fields if field]

    def _arguments(self, fields: list[list[_Piece]], *, quoted: bool) -> None:
        for index, argument in enumerate(self._state.arguments):
            if index:
                fields.append([])
            if quoted:
                fields[-1].append(_Piece(argument, quoted=True))
            else:
                self._add(fields, argument)

    def _add(self, fields: list[list[_Piece]], value: str) -> None:
        """An unquoted value, cut at IFS."""
        if not value:
            return
        leading, parts, trailing = split(value, self._state.variables.get("IFS", BLANKS))
        if leading and fields[-1]:
            fields.append([])
        for index, piece in enumerate(parts):
            if index:
                fields.append([])
            if piece or len(parts) > 1:
                fields[-1].append(_Piece(piece, quoted=not piece))
        if trailing:
            fields.append([])

    def _paths(self, field: list[_Piece]) -> list[str]:
        text = "".join(piece.text for piece in field)
        if not any(not piece.quoted and _PATTERN.search(piece.text) for piece in field):
            return [text]
        pattern = "".join(
            glob_escape(piece.text) if piece.quoted else piece.text for piece in field
        )
        return self._matches(pattern) or [text]

    def _matches(self, pattern: str) -> list[str]:
        found = ["/" if pattern.startswith("/") else ""]
        for part in (part for part in pattern.split("/") if part):
            found = [hit for prefix in found for hit in self._matches_in(prefix, part)]
        return sorted(found)

    def _matches_in(self, prefix: str, part: str) -> list[str]:
        where = posixpath.join(self._state.cwd, prefix)
        try:
            names = [entry.name for entry in self._files.entries(where, uid=self._state.uid)]
        except OSError:
            return []
        return [
            posixpath.join(prefix, name)
            for name in names
            if matches(name, part) and (part.startswith(".") or name[0] != ".")
        ]

    async def _value(self, part: Part) -> str:
        match part:
            case Literal(text):
                return text
            case Substitution(body):
                return (await self._capture(body)).rstrip("\n")
            case Arithmetic():
                return str(await self.number(part.body))
            case Variable():
                return await self._variable(part)

    async def number(self, expression: Word) -> int:
        """The value of an arithmetic expression."""
        text = await self.text(expression)
        try:
            return evaluate(text, self._state.variables)
        except ValueError as error:
            raise ExpansionError(f"{text}: {error}") from error

    async def _variable(self, part: Variable) -> str:
        value = self._lookup(part.name)
        operator = part.operator
        if value is None and "u" in self._state.options and operator[-1:] not in _DEFAULTS:
            raise ExpansionError(f"{part.name}: parameter not set")
        if operator == "length":
            many = part.name in ("@", "*")
            return str(len(self._state.arguments) if many else len(value or ""))
        if operator in REMOVALS:
            return REMOVALS[operator](value or "", await self.pattern(part.default))
        if operator in ("/", "//"):
            replacement = await self.text(part.second or ())
            pattern = await self.pattern(part.default)
            return replaced(value or "", pattern, replacement, everywhere=operator == "//")
        if operator == ":":
            return await self._part(value or "", part)
        return await self._or_default(part, value)

    async def _part(self, value: str, part: Variable) -> str:
        start = await self.number(part.default)
        start = max(len(value) + start, 0) if start < 0 else start
        if part.second is None:
            return value[start:]
        length = await self.number(part.second)
        return value[start : start + length if length >= 0 else length]

    async def _or_default(self, part: Variable, value: str | None) -> str:
        operator = part.operator
        missing = value is None or (operator.startswith(":") and not value)
        if not operator:
            return value or ""
        if operator.endswith("+"):
            return "" if missing else await self.text(part.default)
        if not missing:
            return value or ""
        default = await self.text(part.default)
        if operator.endswith("="):
            self._state.assign(part.name, default)
        if operator.endswith("?"):
            raise ExpansionError(f"{part.name}: {default or 'parameter null or not set'}")
        return default

    def _lookup(self, name: str) -> str | None:
        state = self._state
        special = {
            "?": str(state.status),
            "$": str(SHELL_PID),
            "#": str(len(state.arguments)),
            "@": " ".join(state.arguments),
            "*": state.variables.get("IFS", BLANKS)[:1].join(state.arguments),
            "0": state.name,
            "-": "".join(sorted(letter for letter in state.options if len(letter) == 1)),
            "!": state.last_job,
            "PWD": state.cwd,
        }
        if name in special:
            return special[name]
        if name.isdigit():
            index = int(name) - 1
            return state.arguments[index] if index < len(state.arguments) else None
        return state.variables.get(name)


def _only_arguments(word: Word) -> bool:
    """Whether a word is `"$@"` and nothing else, which without arguments is no word at all."""
    texts = [part for part in word if not isinstance(part, Literal) or part.text]
    return [part.name for part in texts if isinstance(part, Variable)] == ["@"] and len(texts) == 1


def _is_arguments(part: Part) -> bool:
    """`$@` and `"$@"`, and `$*` outside quotes: words of their own."""
    if not isinstance(part, Variable) or part.operator:
        return False
    return part.name == "@" or (part.name == "*" and not part.quoted)
