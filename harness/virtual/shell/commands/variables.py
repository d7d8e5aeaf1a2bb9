"""Built-in commands that change variables and arguments: export, set, local, read, getopts."""

from __future__ import annotations

import re

from harness.virtual.shell.arithmetic import evaluate
from harness.virtual.shell.command import Command, Invocation, table
from harness.virtual.shell.commands.builtin import ORIGIN
from harness.virtual.shell.control import ShellFault
from harness.virtual.shell.expansion import BLANKS

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")
_LONG_OPTIONS = {"errexit": "e", "nounset": "u", "xtrace": "x", "noclobber": "C", "noglob": "f"}
_OPTION_AT = "\0option"
"""Where `getopts` is inside a word; no variable of a user can have that name."""


async def _export(call: Invocation) -> int:
    for name, value in _pairs(call.args):
        if not _IDENTIFIER.match(name):
            return await call.fail(f"/system/bin/sh: export: {name}: is not an identifier")
        if value is not None:
            call.state.assign(name, value)
        call.state.exported.add(name)
    return 0


async def _readonly(call: Invocation) -> int:
    for name, value in _pairs(call.args):
        if value is not None:
            call.state.assign(name, value)
        call.state.readonly.add(name)
    return 0


async def _local(call: Invocation) -> int:
    """`local` and `typeset`: a variable of the function that runs, or of the shell outside one."""
    letters = "".join(word[1:] for word in call.args if word.startswith("-"))
    for name, value in _pairs([word for word in call.args if not word.startswith(("-", "+"))]):
        if call.state.frames:
            call.state.frames[-1].setdefault(name, call.state.variables.get(name))
        if value is not None or call.state.frames:
            call.state.assign(name, value or "")
        if "x" in letters:
            call.state.exported.add(name)
        if "r" in letters:
            call.state.readonly.add(name)
    return 0


def _pairs(words: list[str]) -> list[tuple[str, str | None]]:
    parted = [word.partition("=") for word in words if word not in ("-x", "-p")]
    return [(name, value if equals else None) for name, equals, value in parted]


async def _unset(call: Invocation) -> int:
    for name in call.args:
        if name in call.state.readonly:
            raise ShellFault(f"read-only: {name}", 2)
        if call.args[0] == "-f" or name not in call.state.variables:
            call.state.functions.pop(name, None)
        if call.args[0] != "-f":
            call.state.variables.pop(name, None)
            call.state.exported.discard(name)
    return 0


async def _set(call: Invocation) -> int:
    """Options and arguments; without any, the variables."""
    args = list(call.args)
    if not args:
        names = sorted(name for name in call.state.variables if _IDENTIFIER.match(name))
        await call.out("".join(f"{name}={call.state.variables[name]}\n" for name in names))
        return 0
    while args and re.match(r"[-+]", args[0]):
        word = args.pop(0)
        if word in ("--", "-"):
            call.state.arguments = tuple(args)
            return 0
        letters = set(word[1:])
        if "o" in letters and args:
            name = args.pop(0)
            letters = (letters - {"o"}) | {_LONG_OPTIONS.get(name, name)}
        if word[0] == "-":
            call.state.options |= letters
        else:
            call.state.options -= letters
    if args:
        call.state.arguments = tuple(args)
    return 0


async def _shift(call: Invocation) -> int:
    count = int(call.args[0]) if call.args and call.args[0].isdigit() else 1
    if count > len(call.state.arguments):
        raise ShellFault("shift: nothing to shift")
    call.state.arguments = call.state.arguments[count:]
    return 0


async def _let(call: Invocation) -> int:
    value = 0
    for word in call.args:
        try:
            value = evaluate(word, call.state.variables)
        except ValueError as error:
            raise ShellFault(f"{word}: {error}") from error
    return int(value == 0)


async def _read(call: Invocation) -> int:
    """One line into variables; `-r`: a backslash is nothing special."""
    raw = any(word.startswith("-") and "r" in word for word in call.args)
    names = [name for name in call.args if not name.startswith("-")] or ["REPLY"]
    line = await call.stdin.read_line()
    text = line.decode("utf-8", "surrogateescape")
    while not raw and text.endswith("\\\n") and (more := await call.stdin.read_line()):
        text = text[:-2] + more.decode("utf-8", "surrogateescape")
    ended = text.endswith("\n")
    text = text.removesuffix("\n")
    separators = call.state.variables.get("IFS", BLANKS)
    for name, value in zip(names, _values(text, separators, len(names)), strict=True):
        call.state.assign(name, value if raw else re.sub(r"\\(.)", r"\1", value))
    return 0 if ended else 1


def _values(text: str, separators: str, count: int) -> list[str]:
    """A line cut into `count` parts; the last one has all that is left."""
    blanks = "".join(char for char in separators if char in BLANKS)
    values: list[str] = []
    rest = text.strip(blanks) if blanks else text
    while len(values) < count - 1:
        at = next((n for n, char in enumerate(rest) if char in separators), len(rest))
        values.append(rest[:at])
        tail = rest[at:].lstrip(blanks) if blanks else rest[at:]
        if tail[:1] and tail[0] in separators and tail[0] not in blanks:
            tail = tail[1:].lstrip(blanks) if blanks else tail[1:]
        rest = tail
    return [*values, rest]


async def _getopts(call: Invocation) -> int:
    """`getopts OPTIONS NAME [WORD...]`: the next option of the arguments."""
    options, name = call.args[0], call.args[1]
    variables = call.state.variables
    words = call.args[2:] or list(call.state.arguments)
    index = int(variables.get("OPTIND", "1"))
    at = int(variables.get(_OPTION_AT, "1"))
    variables.pop("OPTARG", None)
    word = words[index - 1] if index <= len(words) else ""
    if at == 1 and (len(word) < 2 or word[0] != "-" or word == "--"):
        variables["OPTIND"] = str(index + (word == "--"))
        variables[name] = "?"
        return 1
    letter = word[at]
    at += 1
    found = letter if letter != ":" and letter in options else "?"
    if found == "?" and options.startswith(":"):
        variables["OPTARG"] = letter
    elif found == "?":
        await call.err(f"/system/bin/sh: -{letter}: unknown option\n")
    elif options[options.index(letter) + 1 :].startswith(":"):
        rest = word[at:] or (words[index] if index < len(words) else "")
        index += not word[at:]
        at = len(word)
        variables["OPTARG"] = rest
    variables[name] = found
    ended = at >= len(word)
    variables["OPTIND"], variables[_OPTION_AT] = str(index + ended), "1" if ended else str(at)
    return 0


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
        "export": _export,
        "readonly": _readonly,
        "local": _local,
        "typeset": _local,
        "unset": _unset,
        "set": _set,
        "shift": _shift,
        "let": _let,
        "read": _read,
        "getopts": _getopts,
    },
)
