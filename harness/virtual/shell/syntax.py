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
    """`$name`, `${name}`, `${name:-word}` and the special `$?`, `$$`, `$#`, `$@`, `$0`..`$9`.

    Attributes:
        operator: empty, `length`, one of `-=?+` with or without a colon, `#`, `##`, `%`, `%%`, `/`,
            `//`, or `:` for a part of the text.
        default: the word behind it: a default, a pattern, or where the part begins.
        second: the replacement of `/`, or how long the part of `:` is.
    """

    name: str
    quoted: bool
    operator: str = ""
    default: Word = ()
    second: Word | None = None


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(list)` or backquotes: the output of a command line."""

    body: Sequence
    quoted: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((expression))`; what is expanded in it has been cut into parts."""

    body: Word
    quoted: bool


Part = Literal | Variable | Substitution | Arithmetic
Word = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Redirect:
    """`descriptor operator target`; operators `<`, `>`, `>>`, `>|`, `>&`, `<&`, `&>`, `<<`, `<<<`.

    The target of `<<` is the text of the here-document.
    """

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
    def is_exec(self) -> bool:
        """Whether it is `exec` without a command, which changes the shell's own streams."""
        return self.words == ((Literal("exec", quoted=False),),)

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
    """`for name in words; do body; done`; without `in` (None) over the arguments."""

    name: str
    words: tuple[Word, ...] | None
    body: Sequence
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class While:
    """`while condition; do body; done`, or `until`."""

    condition: Sequence
    body: Sequence
    until: bool
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One branch of `case`; `ending` is `;;`, or `;&` to go on with the next."""

    patterns: tuple[Word, ...]
    body: Sequence
    ending: str


@dataclass(frozen=True, slots=True)
class Case:
    """`case subject in pattern) body;; esac`."""

    subject: Word
    clauses: tuple[Clause, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """`name() body`; running it only makes the name known."""

    name: str
    body: Command
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Calculation:
    """`((expression))`: true when it is not 0."""

    expression: Arithmetic
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """`word`, `-f word` or `word = word` inside `[[ ]]`; `operator` may be empty."""

    operator: str
    operands: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """`!`, `&&` or `||` over one or two conditions."""

    operator: str
    parts: tuple[Joined | Term, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """`[[ ... ]]`."""

    tree: Joined | Term
    redirects: tuple[Redirect, ...]


Command = Simple | Group | If | For | While | Case | Function | Calculation | Condition


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
