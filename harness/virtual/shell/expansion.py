"""From the words of a command line to the arguments of a command.

Parameter, command and arithmetic expansion, field splitting at blanks, file name patterns,
removal of quotes, in the order of POSIX XCU 2.6. Command substitution is asked of the interpreter.
Tilde and brace expansion are not done.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from harness.virtual.device.filesystem import FileSystem
from harness.virtual.shell.arithmetic import evaluate
from harness.virtual.shell.command import ShellState
from harness.virtual.shell.syntax import (
    Arithmetic,
    Literal,
    Part,
    Sequence,
    Substitution,
    Variable,
    Word,
)

_BLANKS = re.compile(r"[ \t\n]+")
_PATTERN = re.compile(r"[*?\[]")

Capture = Callable[[Sequence], Awaitable[str]]
SHELL_PID = 4242
"""What `$$` says; the device's shell is no process of its own."""


class ExpansionError(Exception):
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
        for word in words:
            for field in await self._split(word):
                result += self._paths(field)
        return result

    async def text(self, word: Word) -> str:
        """One string, without splitting or patterns (assignments, redirections)."""
        return "".join([await self._value(part) for part in word])

    async def _split(self, word: Word) -> list[list[_Piece]]:
        fields: list[list[_Piece]] = [[]]
        for part in word:
            if isinstance(part, Variable) and part.quoted and part.name == "@":
                for index, argument in enumerate(self._state.arguments):
                    if index:
                        fields.append([])
                    fields[-1].append(_Piece(argument, quoted=True))
                continue
            value = await self._value(part)
            if isinstance(part, Literal) or part.quoted:
                fields[-1].append(_Piece(value, part.quoted))
                continue
            pieces = _BLANKS.split(value)
            for index, piece in enumerate(pieces):
                if index and (fields[-1] or len(fields) > 1):
                    fields.append([])
                if piece:
                    fields[-1].append(_Piece(piece, quoted=False))
        return [field for field in fields if field]

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
            if fnmatch.fnmatchcase(name, part) and (part.startswith(".") or name[0] != ".")
        ]

    async def _value(self, part: Part) -> str:
        match part:
            case Literal(text):
                return text
            case Substitution(body):
                return (await self._capture(body)).rstrip("\n")
            case Arithmetic(text):
                try:
                    return str(evaluate(text, self._state.variables))
                except ValueError as error:
                    raise ExpansionError(f"{text}: {error}") from error
            case Variable():
                return await self._variable(part)

    async def _variable(self, part: Variable) -> str:
        value = self._lookup(part.name)
        operator = part.operator
        if operator == "#":
            return str(len(value or ""))
        missing = value is None or (operator.startswith(":") and not value)
        if not operator:
            return value or ""
        if operator.endswith("+"):
            return "" if missing else await self.text(part.default)
        if not missing:
            return value or ""
        default = await self.text(part.default)
        if operator.endswith("="):
            self._state.variables[part.name] = default
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
            "*": " ".join(state.arguments),
            "0": state.name,
            "-": "",
            "!": "",
            "PWD": state.cwd,
        }
        if name in special:
            return special[name]
        if name.isdigit():
            index = int(name) - 1
            return state.arguments[index] if index < len(state.arguments) else None
        return state.variables.get(name)


def glob_escape(text: str) -> str:
    """`text` as a pattern that matches only itself."""
    return re.sub(r"([*?\[])", r"[\1]", text)
