"""The tree of a command line, as the parser makes it and the interpreter walks it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters as they are. Unquoted ones may be patterns for file names."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, `${name}`, `${name:-word}` and the special `$?`, `$$`, `$#`, `$@`, `$0`..`$9`."""

    name: str
    quoted: bool
    operator: str = ""
    default: Word = ()


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(list)` or backquotes: the output of a command line."""

    body: Sequence
    quoted: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((expression))`."""

    text: str
    quoted: bool


Part = Literal | Variable | Substitution | Arithmetic
Word = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """`descriptor operator target`; operators `<`, `>`, `>>`, `>|`, `>&`, `<&`, `&>`."""

    descriptor: int
    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, then a command with arguments (there may be none)."""

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]

    @property
    def substitutes(self) -> bool:
        """Whether an assignment runs a command, whose status then is that of the line."""
        parts = (part for _, word in self.assignments for part in word)
        return any(isinstance(part, Substitution) for part in parts)


@dataclass(frozen=True, slots=True)
class Group:
    """`{ list; }` or, in a shell of its own, `( list )`."""

    body: Sequence
    own_shell: bool
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class If:
    """`if`/`elif` pairs of condition and body, and the `else` part."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words; do body; done`."""

    name: str
    words: tuple[Word, ...]
    body: Sequence
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class While:
    """`while condition; do body; done`, or `until`."""

    condition: Sequence
    body: Sequence
    until: bool
    redirects: tuple[Redirect, ...]


Command = Simple | Group | If | For | While


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by `|`; `negated` for a leading `!`."""

    commands: tuple[Command, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class AndOr:
    """Pipelines with the operator before each: "" for the first, then `&&` or `||`."""

    parts: tuple[tuple[str, Pipeline], ...]
    background: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """What `;`, `&` and line ends separate."""

    items: tuple[AndOr, ...]
