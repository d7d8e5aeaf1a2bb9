"""Toybox's small tools around a stream: tee, seq, yes, timeout, rev, nl, tac, mktemp."""

from __future__ import annotations

import asyncio
import posixpath
import re
import secrets

from harness.virtual.shell.command import Command, Invocation, table
from harness.virtual.shell.commands.text import ORIGIN, inputs_of, text_of

_TIMED_OUT = 124


async def _tee(call: Invocation) -> int:
    append = "-a" in call.args
    paths = [word for word in call.args if not word.startswith("-")]
    data = await call.stdin.read_all()
    await call.out(data)
    status = 0
    for path in paths:
        try:
            where = call.device.files.writable(path, call.state.cwd, uid=call.state.uid)
            with where.open("ab" if append else "wb") as file:
                file.write(data)
        except OSError as error:
            status = await call.fail(f"tee: {path}: {error.strerror}")
    return status


async def _seq(call: Invocation) -> int:
    words = [word for word in call.args if re.fullmatch(r"-?\d+", word)]
    if not words or len(words) != len(call.args):
        return await call.fail("seq: needs 1 to 3 whole numbers")
    numbers = [int(word) for word in words[:3]]
    last, first = numbers[-1], numbers[0] if len(numbers) > 1 else 1
    step = (numbers[1] or 1) if len(numbers) > 2 else 1
    for number in range(first, last + (1 if step > 0 else -1), step):
        await call.out(f"{number}\n")
    return 0


async def _yes(call: Invocation) -> int:
    line = " ".join(call.args or ["y"]) + "\n"
    while True:
        await call.out(line)
        await asyncio.sleep(0)


async def _timeout(call: Invocation) -> int:
    words = call.args
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in ("-s", "-k") else 1 :]
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", words[0]) if words else None
    if match is None or not words[1:]:
        return await call.fail("timeout: Needs 2 arguments")
    seconds = (
        float(match.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match.group(2)]
    )
    try:
        return await asyncio.wait_for(call.run(call.again(words[1:])), seconds or None)
    except TimeoutError:
        return _TIMED_OUT


async def _lines(call: Invocation) -> tuple[list[str], int]:
    paths = [word for word in call.args if not word.startswith("-")]
    inputs, status = await inputs_of(call, paths)
    return [line for _, data in inputs for line in text_of(data).splitlines()], status


async def _rev(call: Invocation) -> int:
    lines, status = await _lines(call)
    await call.out("".join(line[::-1] + "\n" for line in lines))
    return status


async def _tac(call: Invocation) -> int:
    lines, status = await _lines(call)
    await call.out("".join(line + "\n" for line in reversed(lines)))
    return status


async def _nl(call: Invocation) -> int:
    lines, status = await _lines(call)
    numbers = iter(range(1, len(lines) + 1))
    await call.out("".join(f"{next(numbers):>6}\t{x}\n" if x else "       \n" for x in lines))
    return status


async def _mktemp(call: Invocation) -> int:
    """`mktemp [-d] [-p FOLDER] [NAME.XXXXXX]`; makes it and prints its path."""
    words = list(call.args)
    folder = call.state.variables.get("TMPDIR", "/data/local/tmp")
    if "-p" in words and words.index("-p") + 1 < len(words):
        folder = words.pop(words.index("-p") + 1)
    template = next((word for word in words if not word.startswith("-")), "tmp.XXXXXXXXXX")
    name = re.sub(r"X+$", lambda m: secrets.token_hex(len(m.group()))[: len(m.group())], template)
    path = name if name.startswith("/") else posixpath.join(folder, name)
    try:
        if "-d" in words:
            call.device.files.make_folder(path, call.state.cwd, uid=call.state.uid)
        else:
            call.device.files.writable(path, call.state.cwd, uid=call.state.uid).touch()
    except OSError as error:
        return await call.fail(f"mktemp: Failed to create {path}: {error.strerror}")
    await call.out(path + "\n")
    return 0


async def _printenv(call: Invocation) -> int:
    state = call.state
    names = call.args or sorted(state.exported & set(state.variables))
    known = [name for name in names if name in state.exported and name in state.variables]
    shown = (state.variables[n] if call.args else f"{n}={state.variables[n]}" for n in known)
    await call.out("".join(line + "\n" for line in shown))
    return int(len(known) < len(names))


async def _hostname(call: Invocation) -> int:
    await call.out("localhost\n")
    return 0


async def _nproc(call: Invocation) -> int:
    await call.out("2\n")
    return 0


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
        "tee": _tee,
        "seq": _seq,
        "yes": _yes,
        "timeout": _timeout,
        "rev": _rev,
        "tac": _tac,
        "nl": _nl,
        "mktemp": _mktemp,
        "printenv": _printenv,
        "hostname": _hostname,
        "nproc": _nproc,
    },
)
