"""mksh's built-in commands that print or look: echo, print, printf, cd, type; and env, sleep."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace

from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table

ORIGIN = Origin(Evidence.RECORDED, "mksh R59, toybox 0.8.9: tests/virtual/shell/corpus")
_PROGRAMS = frozenset({"env", "sleep", "sync", "which"})
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|0[0-7]{0,3}|[1-7][0-7]{0,2}|[ntr\\abfv])")
_FORMAT = re.compile(r"%%|%([-+ #0-9.]*)([sdiouxXcbfeg])")


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
    if escapes and "\\c" in text:
        text, newline = text.replace("\\c", ""), ""  # mksh goes on, without a line end
    await call.out((unescaped(text) if escapes else text) + newline)
    return 0


async def _print(call: Invocation) -> int:
    """ksh's own: `-n` no line end, `-r` no escapes."""
    args, letters = call.args, ""
    while args and re.fullmatch(r"-[nrR]+", args[0]):
        letters += args[0]
        args = args[1:]
    args = args[1:] if args[:1] == ["-"] else args
    text = " ".join(args)
    newline = "" if "n" in letters else "\n"
    await call.out((text if "r" in letters.lower() else unescaped(text)) + newline)
    return 0


def unescaped(text: str) -> str:
    """Backslash escapes replaced."""

    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] == "x":
            return bytes([int(code[1:], 16)]).decode("utf-8", "surrogateescape")
        if code[0] in "01234567":
            return bytes([int(code, 8) & 0xFF]).decode("utf-8", "surrogateescape")
        return _ESCAPES[code]

    return _ESCAPE.sub(replace, text)


async def _printf(call: Invocation) -> int:
    if not call.args:
        return await call.fail("/system/bin/sh: printf: usage: printf format [arguments ...]")
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
    if kind == "b":
        return f"%{flags}s" % unescaped(value)
    if kind == "c":
        return value[:1]
    if kind in "feg":
        return f"%{flags}{kind}" % (float(value) if re.fullmatch(r"-?[\d.]+", value) else 0.0)
    number = int(value, 0) if re.fullmatch(r"-?(0x[0-9a-fA-F]+|[1-9]\d*|0)", value) else 0
    return f"%{flags}{kind}" % number


async def _cd(call: Invocation) -> int:
    target = call.args[0] if call.args else call.state.variables.get("HOME", "/")
    back = target == "-"
    target = call.state.variables.get("OLDPWD", "/") if back else target
    try:
        where = call.device.files.locate(target, call.state.cwd)
        entry = call.device.files.stat(where, uid=call.state.uid)
    except OSError as error:
        return await call.fail(f"/system/bin/sh: cd: {target}: {error.strerror}", 2)
    if not entry.is_folder:
        return await call.fail(f"/system/bin/sh: cd: {target}: Not a directory", 2)
    call.state.variables["OLDPWD"] = call.state.cwd
    call.state.cwd = where
    if back:
        await call.out(where + "\n")
    return 0


async def _pwd(call: Invocation) -> int:
    await call.out(call.state.cwd + "\n")
    return 0


async def _env(call: Invocation) -> int:
    """`env [-i] [NAME=VALUE...] [COMMAND...]`."""
    args = call.args
    state = call.state.copy()
    if args[:1] == ["-i"]:
        args, state.exported = args[1:], set()
    while args and re.match(r"[A-Za-z_]\w*=", args[0]):
        name, _, value = args[0].partition("=")
        state.variables[name] = value
        state.exported.add(name)
        args = args[1:]
    if args:
        return await call.run(replace(call, argv=args, state=state))
    names = sorted(state.exported & set(state.variables))
    await call.out("".join(f"{name}={state.variables[name]}\n" for name in names))
    return 0


async def _type(call: Invocation) -> int:
    from harness.virtual.shell.commands import all_commands

    known, status = all_commands(), 0
    for name in call.args:
        if name in call.state.functions:
            kind = "is a function"
        elif name in known:
            program = name not in BUILTINS
            kind = f"is /system/bin/{name}" if program else "is a shell builtin"
        else:
            kind, status = "not found", 1
        await call.out(f"{name} {kind}\n")
    return status


async def _umask(call: Invocation) -> int:
    if call.args:
        call.state.variables["\0umask"] = f"{int(call.args[0], 8):03o}"
    else:
        await call.out(call.state.variables.get("\0umask", "022") + "\n")
    return 0


async def _time(call: Invocation) -> int:
    """How long a command took, as mksh says it."""
    began = time.monotonic()
    status = await call.run(call.again(call.args)) if call.args else 0
    minutes, seconds = divmod(time.monotonic() - began, 60)
    spent = f"    {minutes:.0f}m{seconds:05.2f}s real"
    await call.err(f"{spent}     0m00.00s user     0m00.00s system\n")
    return status


async def which(call: Invocation) -> int:
    from harness.virtual.shell.commands import all_commands

    known = all_commands()
    found = [name for name in call.args if name in known]
    await call.out("".join(f"/system/bin/{name}\n" for name in found))
    return 0 if found and len(found) == len(call.args) else 1


async def _sleep(call: Invocation) -> int:
    units = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
    match = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)([smhd]?)", call.args[0]) if call.args else None
    if match is None:
        what = f"bad '{call.args[0]}'" if call.args else "Needs 1 argument"
        return await call.fail(f"sleep: {what}")
    await asyncio.sleep(float(match.group(1)) * units[match.group(2)])
    return 0


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
        "env": _env,
        "print": _print,
        "type": _type,
        "umask": _umask,
        "time": _time,
        "which": which,
        "sleep": _sleep,
        "sync": _true,
    },
)

BUILTINS = frozenset(
    {
        *(name for name in COMMANDS if name not in _PROGRAMS),
        *(
            "export",
            "unset",
            "set",
            "shift",
            "readonly",
            "local",
            "typeset",
            "read",
            "getopts",
            "let",
        ),
        *("exit", "return", "break", "continue", "eval", "exec", "command", ".", "trap", "wait"),
        *("test", "[", "kill"),
    }
)
"""What `type` and `command -v` call builtin."""
