"""Traps: what a shell runs when it ends, when a command fails, when a signal comes.

A device's shell is no process; the only signals that reach it are those that it sends itself with
`kill ... $$`.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from harness.virtual.shell.control import ShellExit
from harness.virtual.shell.expansion import SHELL_PID

if TYPE_CHECKING:
    from harness.virtual.shell.interpreter import Interpreter
    from harness.virtual.shell.redirection import Streams

EXIT, ERR = "EXIT", "ERR"
_KILLED = 128
_PSEUDO = {"0": EXIT, EXIT: EXIT, ERR: ERR}


def named(word: str) -> str | None:
    """A condition as traps are kept by: `15`, `TERM` and `SIGTERM` are one; None: no such."""
    name = word.upper().removeprefix("SIG")
    if name in _PSEUDO:
        return _PSEUDO[name]
    try:
        number = signal.Signals(int(name)) if name.isdigit() else signal.Signals[f"SIG{name}"]
    except (ValueError, KeyError):
        return None
    return number.name.removeprefix("SIG")


async def fire(shell: Interpreter, name: str, streams: Streams) -> bool:
    """Run the trap of a condition; whether there is one."""
    body = shell.state.traps.get(name)
    if body is None:
        return False
    if body:
        status = shell.state.status
        await shell.execute(body, streams)
        shell.state.status = status
    return True


async def leave(shell: Interpreter, status: int, streams: Streams) -> int:
    """The end of a shell: its trap on EXIT, and the status that it ends with."""
    body = shell.state.traps.pop(EXIT, "")
    if not body:
        return status
    shell.state.status = status
    try:
        await shell.execute(body, streams)
    except ShellExit as leaving:
        return leaving.status
    return status


def signal_to_itself(argv: list[str]) -> int | None:
    """The signal of a `kill` command line that means this shell alone, None for any other."""
    if argv[0] != "kill" or argv[-1] != str(SHELL_PID):
        return None
    words = [word.removeprefix("-") for word in argv[1:-1] if word != "-s"]
    name = named(words[0]) if len(words) == 1 else "TERM" if not words else None
    if words == ["0"] or name is None or name in (EXIT, ERR):
        return 0 if words == ["0"] else None
    return signal.Signals[f"SIG{name}"]


async def deliver(shell: Interpreter, number: int, streams: Streams) -> int:
    """A signal reaches this shell: its trap, or its end."""
    if number == 0:
        return 0
    caught = number not in (signal.SIGKILL, signal.SIGSTOP)
    name = signal.Signals(number).name.removeprefix("SIG")
    if caught and await fire(shell, name, streams):
        return 0
    raise ShellExit(_KILLED + number)
