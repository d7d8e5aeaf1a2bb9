"""`test` and `[`: POSIX conditions on files, strings and numbers."""

from __future__ import annotations

import operator
import stat
from collections.abc import Callable

from harness.virtual.device.filesystem import Entry
from harness.virtual.shell.arithmetic import evaluate
from harness.virtual.shell.command import Command, Invocation, table
from harness.virtual.shell.commands.builtin import ORIGIN

_USAGE_STATUS = 2

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-lt": operator.lt,
    "-le": operator.le,
    "-gt": operator.gt,
    "-ge": operator.ge,
}
_STRINGS: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
_FILES: dict[str, Callable[[Entry], bool]] = {
    "-e": lambda entry: True,
    "-f": lambda entry: stat.S_ISREG(entry.mode),
    "-d": lambda entry: entry.is_folder,
    "-L": lambda entry: entry.is_link,
    "-h": lambda entry: entry.is_link,
    "-s": lambda entry: entry.size_bytes > 0,
    "-r": lambda entry: bool(entry.mode & 0o444),
    "-w": lambda entry: bool(entry.mode & 0o222),
    "-x": lambda entry: entry.is_folder or bool(entry.mode & 0o111),
}


class _Bad(Exception):
    """No condition; the text says why."""


async def _test(call: Invocation) -> int:
    words = call.args
    if call.argv[0].endswith("["):
        if not words or words[-1] != "]":
            return await call.fail("/system/bin/sh: [: missing ]", _USAGE_STATUS)
        words = words[:-1]
    try:
        return int(not _either(call, words))
    except _Bad as error:
        return await call.fail(f"/system/bin/sh: {call.argv[0]}: {error}", _USAGE_STATUS)


def _either(call: Invocation, words: list[str]) -> bool:
    """`-o` binds weaker than `-a`, which binds weaker than `!`."""
    if len(words) > 3:
        for joint, combine in (("-o", any), ("-a", all)):
            if joint in words[1:-1]:
                at = words.index(joint, 1)
                sides = (_either(call, words[:at]), _either(call, words[at + 1 :]))
                return combine(sides)
    return _single(call, words)


def _single(call: Invocation, words: list[str]) -> bool:
    match words:
        case []:
            return False
        case [left, name, right] if name in _STRINGS:
            return _STRINGS[name](left, right)
        case [left, name, right] if name in _NUMBERS:
            return _NUMBERS[name](_number(call, left), _number(call, right))
        case ["!", *rest]:
            return not _either(call, rest)
        case ["-n", value]:
            return bool(value)
        case ["-z", value]:
            return not value
        case [name, path] if name in _FILES:
            return _on_file(call, name, path)
        case [value]:
            return bool(value)
    raise _Bad(f"{words[1] if len(words) > 1 else words[0]}: unexpected operator/operand")


def _on_file(call: Invocation, name: str, path: str) -> bool:
    try:
        follow = name not in ("-L", "-h")
        entry = call.device.files.stat(path, call.state.cwd, uid=call.state.uid, follow=follow)
    except OSError:
        return False
    return _FILES[name](entry)


def _number(call: Invocation, text: str) -> int:
    """mksh takes arithmetic expressions there."""
    try:
        return evaluate(text, call.state.variables)
    except ValueError as error:
        raise _Bad(f"{text}: {error}") from error


COMMANDS: dict[str, Command] = table(ORIGIN, {"test": _test, "[": _test})
