"""`find`, with the tests and actions of toybox that scripts for phones use."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from harness.virtual.device.filesystem import Entry
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table

ORIGIN = Origin(Evidence.DOCUMENTED, "toybox help find")
UNITS = {"c": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30, "": 512}

Test = Callable[[str, Entry], bool]


class BadArgument(Exception):
    """What toybox prints after `find: `."""


@dataclass
class Search:
    """What one command line asks for."""

    roots: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    min_depth: int = 0
    max_depth: int = 1 << 30
    end: str = "\n"
    command: list[str] = field(default_factory=list)
    together: bool = False


async def _find(call: Invocation) -> int:
    try:
        search = _parse(call)
    except BadArgument as error:
        return await call.fail(f"find: {error}")
    found: list[str] = []
    status = 0
    for root in search.roots:
        try:
            entry = call.device.files.stat(root, call.state.cwd, uid=call.state.uid, follow=False)
        except OSError as error:
            status = await call.fail(f"find: {root}: {error.strerror}")
            continue
        for path, each in _walk(call, search, root, entry, 0):
            if isinstance(each, OSError):
                status = await call.fail(f"find: {path}: {each.strerror}")
            elif all(test(path, each) for test in search.tests):
                found.append(path)
    return max(status, await _act(call, search, found))


async def _act(call: Invocation, search: Search, found: list[str]) -> int:
    if not search.command:
        await call.out("".join(path + search.end for path in found))
        return 0
    if search.together:
        runs = [_filled(search.command, found)] if found else []
    else:
        runs = [_filled(search.command, [path]) for path in found]
    codes = [await call.run(call.again(argv)) for argv in runs]
    return 1 if search.together and any(codes) else 0


def _filled(command: list[str], paths: list[str]) -> list[str]:
    return [each for word in command for each in (paths if word == "{}" else [word])]


def _walk(
    call: Invocation, search: Search, path: str, entry: Entry, depth: int
) -> Iterator[tuple[str, Entry | OSError]]:
    if depth >= search.min_depth:
        yield path, entry
    if not entry.is_folder or depth >= search.max_depth:
        return
    try:
        inner = call.device.files.entries(path, call.state.cwd, uid=call.state.uid)
    except OSError as error:
        yield path, error
        return
    for each in inner:
        yield from _walk(call, search, posixpath.join(path, each.name), each, depth + 1)


def _parse(call: Invocation) -> Search:
    search, words = Search(), list(call.args)
    while words and not words[0].startswith(("-", "(", "!")):
        search.roots.append(words.pop(0))
    search.roots = search.roots or ["."]
    while words:
        word = words.pop(0)
        if word == "-exec":
            _exec(search, words)
        elif word in ("-print", "-print0"):
            search.end = "\n" if word == "-print" else "\0"
        elif word in _WITH_VALUE:
            if not words:
                raise BadArgument(f"'{word}' needs 1 arg")
            _WITH_VALUE[word](call, search, words.pop(0))
        else:
            raise BadArgument(f"bad arg '{word}'")
    return search


def _exec(search: Search, words: list[str]) -> None:
    while words and words[0] not in (";", "+"):
        search.command.append(words.pop(0))
    if not words or not search.command:
        raise BadArgument("-exec needs \\;")
    search.together = words.pop(0) == "+"


_KINDS: dict[str, Callable[[Entry], bool]] = {
    "d": lambda entry: entry.is_folder,
    "l": lambda entry: entry.is_link,
    "f": lambda entry: not entry.is_folder and not entry.is_link,
}


def _type(call: Invocation, search: Search, value: str) -> None:
    if value not in _KINDS:
        raise BadArgument(f"bad -type '{value}'")
    search.tests.append(lambda path, entry: _KINDS[value](entry))


def _name(call: Invocation, search: Search, value: str) -> None:
    search.tests.append(lambda path, entry: fnmatchcase(posixpath.basename(path), value))


def _newer(call: Invocation, search: Search, value: str) -> None:
    try:
        than = call.device.files.stat(value, call.state.cwd, uid=call.state.uid)
    except OSError as error:
        raise BadArgument(f"'{value}': {error.strerror}") from error
    search.tests.append(lambda path, entry: entry.modified_s > than.modified_s)


def _size(call: Invocation, search: Search, value: str) -> None:
    sign = value[:1] if value[:1] in ("+", "-") else ""
    digits = value.removeprefix(sign).rstrip("ckMG")
    unit = UNITS.get(value.removeprefix(sign)[len(digits) :], 0)
    if not digits.isdigit() or not unit:
        raise BadArgument(f"bad arg '{value}'")
    wanted = int(digits)

    def fits(path: str, entry: Entry) -> bool:
        units = -(-entry.size_bytes // unit)
        return {"+": units > wanted, "-": units < wanted, "": units == wanted}[sign]

    search.tests.append(fits)


def _depth(call: Invocation, search: Search, value: str, *, lowest: bool) -> None:
    if not value.isdigit():
        raise BadArgument(f"bad arg '{value}'")
    setattr(search, "min_depth" if lowest else "max_depth", int(value))


_WITH_VALUE: dict[str, Callable[[Invocation, Search, str], None]] = {
    "-type": _type,
    "-name": _name,
    "-newer": _newer,
    "-size": _size,
    "-mindepth": lambda call, search, value: _depth(call, search, value, lowest=True),
    "-maxdepth": lambda call, search, value: _depth(call, search, value, lowest=False),
}


COMMANDS: dict[str, Command] = table(ORIGIN, {"find": _find})
