"""mksh's built-in commands: those that touch the shell itself, and echo, printf, read, sleep.

`echo` and `printf` know mksh's escapes as far as Android's documentation names them.
"""

from __future__ import annotations

import asyncio
import re

from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.control import LoopControl, ShellExit
from harness.virtual.shell.interpreter import Interpreter
from harness.virtual.shell.redirection import Streams

ORIGIN = Origin(Evidence.DOCUMENTED, "mksh(1)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|0[0-7]{0,3}|[ntr\\abfv])")
_FORMAT = re.compile(r"%%|%([-0-9.]*)([sdxXuc])")


async def _true(call: Invocation) -> int:
    return 0


async def _false(call: Invocation) -> int:
    return 1


async def _echo(call: Invocation) -> int:
    args, newline, escapes = call.args, "\n", True
    while args and re.fullmatch(r"-[neE]+", args[0]):
        newline = "" if "n" in args[0] else newline
        escapes = "E" not in args[0]
        args = args[1:]
    text = " ".join(args)
    await call.out((unescaped(text) if escapes else text) + newline)
    return 0


def unescaped(text: str) -> str:
    """Backslash escapes replaced."""

    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] == "x":
            return bytes([int(code[1:], 16)]).decode("utf-8", "surrogateescape")
        if code[0] == "0":
            return bytes([int(code, 8) & 0xFF]).decode("utf-8", "surrogateescape")
        return _ESCAPES[code]

    return _ESCAPE.sub(replace, text)


async def _printf(call: Invocation) -> int:
    if not call.args:
        return await call.fail("sh: printf: usage: printf format [arguments ...]")
    pattern, values = unescaped(call.args[0]), call.args[1:]
    while True:
        text, used = _filled(pattern, values)
        await call.out(text)
        values = values[used:]
        if not values or not used:
            return 0


def _filled(pattern: str, values: list[str]) -> tuple[str, int]:
    """The pattern with values in it, and how many it took."""
    used = 0

    def fill(match: re.Match[str]) -> str:
        nonlocal used
        if match.group() == "%%":
            return "%"
        value = values[used] if used < len(values) else ""
        used += 1
        return _formatted(match.group(1), match.group(2), value)

    return _FORMAT.sub(fill, pattern), min(used, len(values))


def _formatted(flags: str, kind: str, value: str) -> str:
    if kind == "s":
        return f"%{flags}s" % value
    if kind == "c":
        return value[:1]
    number = int(value, 0) if re.fullmatch(r"-?(0x[0-9a-fA-F]+|\d+)", value) else 0
    return f"%{flags}{kind}" % number


async def _cd(call: Invocation) -> int:
    target = call.args[0] if call.args else call.state.variables.get("HOME", "/")
    target = call.state.variables.get("OLDPWD", "/") if target == "-" else target
    try:
        where = call.device.files.locate(target, call.state.cwd)
        entry = call.device.files.stat(where, uid=call.state.uid)
    except OSError as error:
        return await call.fail(f"sh: cd: {target}: {error.strerror}", 2)
    if not entry.is_folder:
        return await call.fail(f"sh: cd: {target}: Not a directory", 2)
    call.state.variables["OLDPWD"] = call.state.cwd
    call.state.cwd = where
    return 0


async def _pwd(call: Invocation) -> int:
    await call.out(call.state.cwd + "\n")
    return 0


async def _export(call: Invocation) -> int:
    for word in call.args:
        name, equals, value = word.partition("=")
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            return await call.fail(f"sh: export: {name}: is not an identifier")
        if equals:
            call.state.variables[name] = value
        call.state.exported.add(name)
    return 0


async def _unset(call: Invocation) -> int:
    for name in call.args:
        call.state.variables.pop(name, None)
        call.state.exported.discard(name)
    return 0


async def _set(call: Invocation) -> int:
    if call.args and call.args[0] == "--":
        call.state.arguments = tuple(call.args[1:])
    elif not call.args:
        lines = (f"{name}={value}\n" for name, value in sorted(call.state.variables.items()))
        await call.out("".join(lines))
    return 0  # options such as -e and -x are taken without effect


async def _shift(call: Invocation) -> int:
    count = int(call.args[0]) if call.args and call.args[0].isdigit() else 1
    if count > len(call.state.arguments):
        return await call.fail("sh: shift: nothing to shift")
    call.state.arguments = call.state.arguments[count:]
    return 0


async def _env(call: Invocation) -> int:
    names = sorted(call.state.exported & set(call.state.variables))
    await call.out("".join(f"{name}={call.state.variables[name]}\n" for name in names))
    return 0


async def _exit(call: Invocation) -> int:
    word = call.args[0] if call.args else str(call.state.status)
    raise ShellExit(int(word) & 0xFF if re.fullmatch(r"-?\d+", word) else 1)


async def _exec(call: Invocation) -> int:
    if not call.args:
        return 0
    raise ShellExit(await call.run(call.again(call.args)))


async def _command(call: Invocation) -> int:
    if call.args[:1] == ["-v"]:
        return await _which(call.again(["which", *call.args[1:]]))
    return await call.run(call.again(call.args)) if call.args else 0


async def _which(call: Invocation) -> int:
    from harness.virtual.shell.commands import all_commands

    known = all_commands()
    found = [name for name in call.args if name in known]
    await call.out("".join(f"/system/bin/{name}\n" for name in found))
    return 0 if found and len(found) == len(call.args) else 1


async def _eval(call: Invocation) -> int:
    from harness.virtual.shell.commands import all_commands

    shell = Interpreter(call.device, all_commands(), call.state)
    return await shell.execute(" ".join(call.args), _streams(call))


async def _sh(call: Invocation) -> int:
    """`sh -c TEXT [NAME ARG...]`, `sh FILE [ARG...]`, or a text on standard input."""
    from harness.virtual.shell.commands import all_commands

    state = call.state.copy()
    args = call.args
    if args and args[0] == "-c":
        text = args[1] if len(args) > 1 else ""
        state.name = args[2] if len(args) > 2 else "sh"
        state.arguments = tuple(args[3:])
    elif args:
        try:
            data = call.device.files.read(args[0], state.cwd, uid=state.uid)
        except OSError as error:
            return await call.fail(f"sh: {args[0]}: {error.strerror}", 127)
        text = data.decode("utf-8", "surrogateescape")
        state.arguments = tuple(args[1:])
    else:
        text = (await call.stdin.read_all()).decode("utf-8", "surrogateescape")
    return await Interpreter(call.device, all_commands(), state).run(text, _streams(call))


async def _read(call: Invocation) -> int:
    names = [name for name in call.args if not name.startswith("-")] or ["REPLY"]
    line = await call.stdin.read_line()
    values = line.decode("utf-8", "surrogateescape").rstrip("\n").split(None, len(names) - 1)
    for index, name in enumerate(names):
        call.state.variables[name] = values[index].strip() if index < len(values) else ""
    return 0 if line.endswith(b"\n") else 1


async def _sleep(call: Invocation) -> int:
    units = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
    match = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)([smhd]?)", call.args[0]) if call.args else None
    if match is None:
        what = f"bad '{call.args[0]}'" if call.args else "Needs 1 argument"
        return await call.fail(f"sleep: {what}")
    await asyncio.sleep(float(match.group(1)) * units[match.group(2)])
    return 0


async def _wait(call: Invocation) -> int:
    jobs, call.state.jobs = call.state.jobs, []
    await asyncio.gather(*jobs)
    return 0


async def _break(call: Invocation) -> int:
    raise LoopControl(again=False)


async def _continue(call: Invocation) -> int:
    raise LoopControl(again=True)


def _streams(call: Invocation) -> Streams:
    return Streams(call.stdin, call.stdout, call.stderr)


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
        ":": _true,
        "true": _true,
        "false": _false,
        "echo": _echo,
        "printf": _printf,
        "cd": _cd,
        "pwd": _pwd,
        "export": _export,
        "unset": _unset,
        "set": _set,
        "shift": _shift,
        "env": _env,
        "exit": _exit,
        "exec": _exec,
        "command": _command,
        "which": _which,
        "eval": _eval,
        "sh": _sh,
        "read": _read,
        "sleep": _sleep,
        "break": _break,
        "continue": _continue,
        "wait": _wait,
        "sync": _true,
    },
)
