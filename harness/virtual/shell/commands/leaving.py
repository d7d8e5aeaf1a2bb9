"""Built-in commands that leave, start or wait: exit, return, trap, eval, exec, sh, `.`, wait."""

from __future__ import annotations

import asyncio
import re

from harness.virtual.shell import traps
from harness.virtual.shell.command import Command, Invocation, table
from harness.virtual.shell.commands.builtin import BUILTINS, ORIGIN, which
from harness.virtual.shell.control import FunctionReturn, LoopControl, ShellExit
from harness.virtual.shell.interpreter import Interpreter
from harness.virtual.shell.redirection import Streams

_UNKNOWN_JOB = 127


def _status(call: Invocation) -> int:
    word = call.args[0] if call.args else str(call.state.status)
    return int(word) & 0xFF if re.fullmatch(r"-?\d+", word) else 1


async def _exit(call: Invocation) -> int:
    raise ShellExit(_status(call))


async def _return(call: Invocation) -> int:
    raise FunctionReturn(_status(call))


async def _break(call: Invocation) -> int:
    raise LoopControl(again=False, levels=_levels(call))


async def _continue(call: Invocation) -> int:
    raise LoopControl(again=True, levels=_levels(call))


def _levels(call: Invocation) -> int:
    return int(call.args[0]) if call.args and call.args[0].isdecimal() else 1


async def _trap(call: Invocation) -> int:
    """`trap BODY CONDITION...`; `-` or no body: as before."""
    args = call.args[1:] if call.args[:1] == ["--"] else call.args
    if not args:
        for name, body in call.state.traps.items():
            await call.out(f"trap -- '{body}' {name}\n")
        return 0
    alone = len(args) == 1 or traps.named(args[0]) is not None
    body, words = ("-", args) if alone else (args[0], args[1:])
    for word in words:
        condition = traps.named(word)
        if condition is None:
            return await call.fail(f"/system/bin/sh: trap: bad signal '{word}'")
        if body == "-":
            call.state.traps.pop(condition, None)
        else:
            call.state.traps[condition] = body
    return 0


async def _exec(call: Invocation) -> int:
    raise ShellExit(await call.run(call.again(call.args)) if call.args else 0)


async def _command(call: Invocation) -> int:
    """`command NAME...` passes functions over; `-v` says what a name is."""
    if call.args[:1] != ["-v"]:
        return await call.run(call.again(call.args)) if call.args else 0
    status = 0
    for name in call.args[1:]:
        if name in BUILTINS or name in call.state.functions:
            await call.out(name + "\n")
        else:
            status = await which(call.again(["which", name]))
    return status


def _shell(call: Invocation) -> tuple[Interpreter, Streams]:
    """A shell that shares the state of the one that calls."""
    from harness.virtual.shell.commands import all_commands

    shell = Interpreter(call.device, all_commands(), call.state)
    return shell, Streams(call.stdin, call.stdout, call.stderr)


async def _eval(call: Invocation) -> int:
    shell, streams = _shell(call)
    return await shell.execute(" ".join(call.args), streams)


async def _dot(call: Invocation) -> int:
    """Run a file in this shell."""
    if not call.args:
        return await call.fail("/system/bin/sh: .: missing argument")
    try:
        data = call.device.files.read(call.args[0], call.state.cwd, uid=call.state.uid)
    except OSError as error:
        return await call.fail(f"/system/bin/sh: .: {call.args[0]}: {error.strerror}")
    shell, streams = _shell(call)
    before = call.state.arguments
    call.state.arguments = tuple(call.args[1:]) or before
    try:
        return await shell.execute(data.decode("utf-8", "surrogateescape"), streams)
    except FunctionReturn as returned:
        return returned.status
    finally:
        call.state.arguments = before


async def _sh(call: Invocation) -> int:
    """`sh [-eux] -c TEXT [NAME ARG...]`, `sh FILE [ARG...]`, or a text on standard input."""
    shell, streams = _shell(call)
    exported = call.state.exported
    state = shell.state = call.state.copy()
    state.variables = {n: v for n, v in state.variables.items() if n in exported}
    state.name, state.functions, state.readonly, state.options = "sh", {}, set(), set()
    state.tolerant, args = 0, list(call.args)
    text = None
    while args and re.fullmatch(r"-[a-z]+", args[0]):
        letters = set(args.pop(0)[1:])
        state.options |= letters - {"c"}
        if "c" in letters:
            text = args.pop(0) if args else ""
            state.name, state.arguments = (args[0] if args else "sh"), tuple(args[1:])
            break
    if text is None and args:
        try:
            data = call.device.files.read(args[0], state.cwd, uid=state.uid)
        except OSError as error:
            return await call.fail(f"/system/bin/sh: {args[0]}: {error.strerror}", 127)
        text = data.decode("utf-8", "surrogateescape")
        state.name, state.arguments = args[0], tuple(args[1:])
    if text is None:
        text = (await call.stdin.read_all()).decode("utf-8", "surrogateescape")
    return await shell.run(text, streams)


async def _wait(call: Invocation) -> int:
    """For all jobs, or for those named; the status of the last one named."""
    names = call.args or list(call.state.jobs)
    jobs = {name: call.state.jobs.pop(name, None) for name in names}
    await asyncio.gather(*(job for job in jobs.values() if job is not None))
    if not call.args:
        return 0
    last = jobs[names[-1]]
    return _UNKNOWN_JOB if last is None else last.result()


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
        "exit": _exit,
        "return": _return,
        "break": _break,
        "continue": _continue,
        "trap": _trap,
        "exec": _exec,
        "command": _command,
        "eval": _eval,
        ".": _dot,
        "source": _dot,
        "sh": _sh,
        "wait": _wait,
    },
)
