"""Toybox's commands on files and folders, with the options that adb's users type.

Errors are `NAME: PATH: STRERROR` on stderr and status 1, as toybox prints them.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import time
from collections.abc import Awaitable, Callable

from harness.virtual.device.filesystem import Entry
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table

ORIGIN = Origin(Evidence.DOCUMENTED, "toybox help")
USERS = {0: "root", 1000: "system", 1015: "media_rw", 2000: "shell"}


def split_options(args: list[str]) -> tuple[set[str], list[str]]:
    """Single-letter options and the rest; `--` ends the options."""
    letters: set[str] = set()
    rest: list[str] = []
    for index, word in enumerate(args):
        if word == "--":
            rest += args[index + 1 :]
            break
        if word.startswith("-") and len(word) > 1 and not word.startswith("--"):
            letters |= set(word[1:])
        elif not word.startswith("--"):
            rest.append(word)
    return letters, rest


def user_name(uid: int) -> str:
    """The name of a Linux user of Android; apps are `u0_aN`."""
    return USERS.get(uid) or (f"u0_a{uid - 10_000}" if uid >= 10_000 else str(uid))


async def each(
    call: Invocation,
    paths: list[str],
    work: Callable[[str], Awaitable[None]],
    *,
    quiet: bool = False,
) -> int:
    """Do `work` for every path; report each failure and go on."""
    status = 0
    for path in paths:
        try:
            await work(path)
        except OSError as error:
            status = 1
            if not quiet:
                await call.err(f"{call.argv[0]}: {path}: {error.strerror}\n")
    return status


async def _cat(call: Invocation) -> int:
    _, paths = split_options(call.args)

    async def show(path: str) -> None:
        if path == "-":
            while data := await call.stdin.read():
                await call.out(data)
            return
        await call.out(call.device.files.read(path, call.state.cwd, uid=call.state.uid))

    return await each(call, paths or ["-"], show)


def long_line(entry: Entry) -> str:
    """One line of `ls -l`."""
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(entry.modified_s))
    arrow = f" -> {entry.target}" if entry.is_link else ""
    return (
        f"{stat.filemode(entry.mode)} {entry.links} {user_name(entry.uid)} "
        f"{user_name(entry.gid)} {entry.size_bytes:>8} {when} {entry.name}{arrow}"
    )


async def _ls(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    files, state = call.device.files, call.state
    many = len(paths) > 1 or "R" in letters
    printed = False

    def show(entry: Entry) -> str:
        mark = "/" if "F" in letters and entry.is_folder else ""
        return (long_line(entry) if "l" in letters else entry.name) + mark

    async def list_one(path: str) -> None:
        nonlocal printed
        entry = files.stat(path, state.cwd, uid=state.uid, follow="l" not in letters)
        if not entry.is_folder or "d" in letters:
            await call.out(show(_renamed(entry, path)) + "\n")
            printed = True
            return
        entries = files.entries(path, state.cwd, uid=state.uid)
        shown = [e for e in entries if letters & {"a", "A"} or not e.name.startswith(".")]
        if "a" in letters:
            shown = [_renamed(entry, "."), _renamed(entry, ".."), *shown]
        head = f"{path}:\n" if many else ""
        head = "\n" + head if many and printed else head
        total = f"total {sum(e.size_bytes for e in shown) // 1024}\n" if "l" in letters else ""
        await call.out(head + total + "".join(show(e) + "\n" for e in shown))
        printed = True
        for inner in entries if "R" in letters else ():
            if inner.is_folder:
                await list_one(f"{path}/{inner.name}")

    def is_folder(path: str) -> bool:
        try:
            return files.stat(path, state.cwd, uid=state.uid).is_folder
        except OSError:
            return False

    # Files come before folders, both by name.
    ordered = sorted(paths, key=lambda path: (is_folder(path), path))
    return await each(call, ordered or ["."], list_one)


def _renamed(entry: Entry, name: str) -> Entry:
    values = {field: getattr(entry, field) for field in Entry.__dataclass_fields__}
    return Entry(**{**values, "name": name})


_STAT_FORMATS: dict[str, Callable[[Entry], str]] = {
    "n": lambda e: e.name,
    "s": lambda e: str(e.size_bytes),
    "a": lambda e: f"{e.mode & 0o7777:o}",
    "A": lambda e: stat.filemode(e.mode),
    "f": lambda e: f"{e.mode:x}",
    "u": lambda e: str(e.uid),
    "U": lambda e: user_name(e.uid),
    "g": lambda e: str(e.gid),
    "G": lambda e: user_name(e.gid),
    "h": lambda e: str(e.links),
    "i": lambda e: str(e.inode),
    "X": lambda e: str(e.accessed_s),
    "Y": lambda e: str(e.modified_s),
    "Z": lambda e: str(e.changed_s),
    "y": lambda e: time.strftime("%Y-%m-%d %H:%M:%S.000000000 +0000", time.gmtime(e.modified_s)),
    "F": lambda e: "directory" if e.is_folder else "symbolic link" if e.is_link else "regular file",
}
_DEFAULT_STAT = (
    "  File: %n\n  Size: %s\t Links: %h\t%F\n"
    "Access: (%a/%A)\tUid: (%u/ %U)\tGid: (%g/ %G)\nModify: %y"
)


async def _stat(call: Invocation) -> int:
    args = list(call.args)
    pattern = _DEFAULT_STAT
    if "-c" in args and args.index("-c") + 1 < len(args):
        at = args.index("-c")
        pattern = args[at + 1]
        del args[at : at + 2]
    letters, paths = split_options(args)

    async def show(path: str) -> None:
        entry = call.device.files.stat(
            path, call.state.cwd, uid=call.state.uid, follow="L" in letters
        )
        named = _renamed(entry, path)

        def fill(match: re.Match[str]) -> str:
            reader = _STAT_FORMATS.get(match.group(1))
            return reader(named) if reader else match.group()

        await call.out(re.sub(r"%(.)", fill, pattern) + "\n")

    return await each(call, paths, show)


async def _rm(call: Invocation) -> int:
    letters, paths = split_options(call.args)

    async def remove(path: str) -> None:
        try:
            call.device.files.remove(
                path, call.state.cwd, uid=call.state.uid, recursive=bool(letters & set("rR"))
            )
        except FileNotFoundError:
            if "f" not in letters:
                raise

    if not paths and "f" not in letters:
        return await call.fail("rm: Needs 1 argument")
    return await each(call, paths, remove)


async def _mkdir(call: Invocation) -> int:
    letters, paths = split_options(call.args)

    async def make(path: str) -> None:
        call.device.files.make_folder(
            path, call.state.cwd, uid=call.state.uid, parents="p" in letters
        )

    return await each(call, paths, make)


async def _rmdir(call: Invocation) -> int:
    async def remove(path: str) -> None:
        call.device.files.writable(path, call.state.cwd, uid=call.state.uid).rmdir()

    return await each(call, split_options(call.args)[1], remove)


async def _touch(call: Invocation) -> int:
    async def touch(path: str) -> None:
        call.device.files.writable(path, call.state.cwd, uid=call.state.uid).touch()

    return await each(call, split_options(call.args)[1], touch)


async def _chmod(call: Invocation) -> int:
    words = [word for word in call.args if word not in ("-R", "-v", "-f")]
    if len(words) < 2:
        return await call.fail("chmod: Needs 2 arguments")
    mode = words[0]
    if not re.fullmatch(r"[0-7]{1,4}|[ugoa]*[-+=][rwxX]+", mode):
        return await call.fail(f"chmod: bad mode '{mode}'")

    async def change(path: str) -> None:
        host = call.device.files.writable(path, call.state.cwd, uid=call.state.uid)
        before = host.stat().st_mode & 0o777
        # The owner keeps access on the host, whatever the device's mode says.
        host.chmod(_new_mode(mode, before) | (0o700 if host.is_dir() else 0o600))

    return await each(call, words[1:], change)


def _new_mode(mode: str, before: int) -> int:
    if mode.isdigit():
        return int(mode, 8) & 0o777
    match = re.fullmatch(r"([ugoa]*)([-+=])([rwxX]+)", mode)
    assert match is not None
    bits = sum({"r": 4, "w": 2, "x": 1, "X": 1}[letter] for letter in set(match.group(3)))
    places = {"u": 6, "g": 3, "o": 0}
    who = match.group(1).replace("a", "ugo") or "ugo"
    changed = sum(bits << places[letter] for letter in set(who))
    if match.group(2) == "-":
        return before & ~changed
    return before | changed


async def _transfer(call: Invocation, move: bool) -> int:
    letters, paths = split_options(call.args)
    if len(paths) < 2:
        return await call.fail(f"{call.argv[0]}: Needs 2 arguments")
    files, state = call.device.files, call.state
    target = files.host_path(paths[-1], state.cwd)

    async def one(path: str) -> None:
        where = files.locate(path, state.cwd)
        entry = files.stat(where, uid=state.uid)
        end = f"{paths[-1]}/{entry.name}" if target.is_dir() else paths[-1]
        destination = files.writable(end, state.cwd, uid=state.uid)
        if move:
            os.replace(files.writable(where, uid=state.uid), destination)
        elif entry.is_folder:
            if not letters & set("rRa"):
                raise IsADirectoryError(21, "Is a directory", path)
            shutil.copytree(files.host_path(where), destination, symlinks=True)
        else:
            destination.write_bytes(files.read(where, uid=state.uid))

    return await each(call, paths[:-1], one)


async def _cp(call: Invocation) -> int:
    return await _transfer(call, move=False)


async def _mv(call: Invocation) -> int:
    return await _transfer(call, move=True)


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
        "cat": _cat,
        "ls": _ls,
        "stat": _stat,
        "rm": _rm,
        "mkdir": _mkdir,
        "rmdir": _rmdir,
        "touch": _touch,
        "chmod": _chmod,
        "cp": _cp,
        "mv": _mv,
    },
)
