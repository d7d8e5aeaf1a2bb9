"""What a command is: a name, the code, and where its texts and exit codes come from."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from harness.virtual.shell.control import ShellFault
from harness.virtual.shell.pipes import Pipe, Sink

if TYPE_CHECKING:
    from harness.virtual.device.device import Device
    from harness.virtual.shell import syntax


_STANDARD_ERROR = 2


class Evidence(Enum):
    """How well an output text is known to be Android's."""

    RECORDED = "recorded on a device"
    SOURCE = "read in AOSP source"
    DOCUMENTED = "documented"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the texts and exit codes of a command come from."""

    evidence: Evidence
    place: str = ""


@dataclass(slots=True)
class ShellState:
    """What one shell carries from command to command.

    Attributes:
        options: letters of `set`, and `pipefail`; `i`: it asks for its lines.
        frames: for each function that runs, what its local variables were before it.
        streams: descriptors that `exec` has changed.
        tolerant: how many commands around this one look at its status (`set -e` spares it).
        jobs: background commands by the number that `$!` gives.
    """

    uid: int
    cwd: str = "/"
    variables: dict[str, str] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    status: int = 0
    arguments: tuple[str, ...] = ()
    name: str = "sh"
    jobs: dict[str, asyncio.Task[int]] = field(default_factory=dict)
    last_job: str = ""
    functions: dict[str, syntax.Command] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    traps: dict[str, str] = field(default_factory=dict)
    readonly: set[str] = field(default_factory=set)
    frames: list[dict[str, str | None]] = field(default_factory=list)
    streams: dict[int, Pipe | Sink] = field(default_factory=dict)
    tolerant: int = 0

    def copy(self) -> ShellState:
        """The state of a subshell, as it begins."""
        return ShellState(
            self.uid,
            self.cwd,
            dict(self.variables),
            set(self.exported),
            self.status,
            self.arguments,
            self.name,
            last_job=self.last_job,
            functions=dict(self.functions),
            options=self.options - {"i"},
            traps={name: body for name, body in self.traps.items() if not body},
            readonly=set(self.readonly),
            streams={n: stream for n, stream in self.streams.items() if n > _STANDARD_ERROR},
            tolerant=self.tolerant,
        )

    def assign(self, name: str, value: str) -> None:
        """Set a variable. Raises `ShellFault` for one that is read-only."""
        if name in self.readonly:
            raise ShellFault(f"read-only: {name}", 2)
        self.variables[name] = value


RunArgv = Callable[["Invocation"], Awaitable[int]]


@dataclass(slots=True)
class Invocation:
    """One run of one command.

    `argv[0]` is the command's name; `run` starts another command with the same streams.
    """

    argv: list[str]
    stdin: Pipe
    stdout: Sink
    stderr: Sink
    device: Device
    state: ShellState
    run: RunArgv

    @property
    def args(self) -> list[str]:
        return self.argv[1:]

    async def out(self, text: str | bytes) -> None:
        """Print as it is, no line end added."""
        await self.stdout(_encoded(text))

    async def err(self, text: str | bytes) -> None:
        await self.stderr(_encoded(text))

    async def fail(self, text: str, code: int = 1) -> int:
        """Print a line on stderr and give back the exit code."""
        await self.err(text + "\n")
        return code

    def again(self, argv: list[str]) -> Invocation:
        """The same run with other words."""
        return Invocation(
            argv, self.stdin, self.stdout, self.stderr, self.device, self.state, self.run
        )


Runner = Callable[[Invocation], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Command:
    """A row of a family's table."""

    name: str
    run: Runner
    origin: Origin


def table(origin: Origin, runners: Mapping[str, Runner]) -> dict[str, Command]:
    """Commands that share an origin."""
    return {name: Command(name, run, origin) for name, run in runners.items()}


def _encoded(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
