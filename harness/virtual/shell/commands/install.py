"""`pm install`, its sessions, and `pm uninstall`.

An APK comes from a path of the device or, with `-S SIZE`, from standard input. Whatever is wrong
with it gives `Failure [...]` on standard output and status 1; adb's clients look for `Success` and
`Failure` there.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harness.virtual.device.installer import InstallFailure, InstallFlags
from harness.virtual.shell.command import Invocation
from harness.virtual.shell.pipes import Pipe

_WITH_VALUE = frozenset(
    [
        "-i",
        "--user",
        "-p",
        "--abi",
        "--originating-uri",
        "--referrer",
        "--install-location",
        "--install-reason",
        "--update-ownership",
        "--package-source",
        "--dexopt-compiler-filter",
    ]
)
_session_numbers = itertools.count(1)


@dataclass(slots=True)
class Options:
    """The words after `install`, sorted."""

    flags: InstallFlags = field(default_factory=InstallFlags)
    size_bytes: int | None = None
    paths: list[str] = field(default_factory=list)


def parse(args: list[str]) -> Options:
    """Sort the options; unknown ones are taken without effect, as none changes what is tested."""
    options = Options()
    replace, downgrade, grant, installer = True, False, False, ""
    rest = iter(args)
    for word in rest:
        if word == "-S":
            options.size_bytes = int(next(rest, "0"))
        elif word == "-i":
            installer = next(rest, "")
        elif word in _WITH_VALUE:
            next(rest, None)
        elif word.startswith("-") and word != "-":
            letters = "" if word.startswith("--") else word[1:]
            replace = replace and "R" not in letters
            downgrade = downgrade or "d" in letters or word == "--allow-downgrade"
            grant = grant or "g" in letters
        else:
            options.paths.append(word)
    options.flags = InstallFlags(replace, downgrade, grant, installer=installer)
    return options


@contextlib.contextmanager
def _staging(call: Invocation) -> Iterator[Path]:
    folder = call.device.folder / "staging"
    folder.mkdir(exist_ok=True)
    descriptor, name = tempfile.mkstemp(suffix=".apk", dir=folder)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


async def receive(source: Pipe, size_bytes: int, target: Path) -> int:
    """Copy at most `size_bytes` to `target`; how many came."""
    received = 0
    with target.open("wb") as file:
        while received < size_bytes and (
            data := await source.read_exactly(min(size_bytes - received, 1 << 20))
        ):
            file.write(data)
            received += len(data)
    return received


async def install(call: Invocation) -> int:
    """`pm install [options] PATH`, or from standard input with `-S SIZE`."""
    options = parse(call.args)
    with _staging(call) as staged:
        if options.size_bytes is not None:
            try:
                got = await receive(call.stdin, options.size_bytes, staged)
            except OSError as error:
                return await _no_room(call, error)
            if got < options.size_bytes:
                return await _failure(
                    call, "INSTALL_FAILED_INVALID_APK: Failed to read the whole file"
                )
            return await _finish(call, staged, options.flags)
        if len(options.paths) > 1:
            return await _failure(call, _NO_SPLITS)
        if not options.paths:
            return await call.fail("Error: must either specify a package size or an APK file", 1)
        path = options.paths[0]
        try:
            where = call.device.files.readable(path, call.state.cwd, uid=call.state.uid)
        except OSError as error:
            return await call.fail(
                f"Error: Unable to open file: {path}\n"
                "Consider using a file under /data/local/tmp/\n"
                f"Error: Can't open file: {path} ({error.strerror})"
            )
        return await _finish(call, call.device.files.host_path(where), options.flags)


_NO_SPLITS = "INSTALL_FAILED_INVALID_APK: Split APKs are not supported on this device"


async def _finish(call: Invocation, apk: Path, flags: InstallFlags) -> int:
    """Install what lies at `apk`, stopping the app first if it runs."""
    staged_as = f"/data/app/vmdl{next(_session_numbers)}.tmp/base.apk"
    try:
        package = await call.device.installer.install(apk, flags, staged_as)
    except InstallFailure as failure:
        return await _failure(call, str(failure))
    except OSError as error:
        return await _no_room(call, error)
    app = call.device.activities.app(package.name)
    if app is not None:
        await call.device.activities.stop(package.name)
    await call.out("Success\n")
    return 0


async def _no_room(call: Invocation, error: OSError) -> int:
    text = f"INSTALL_FAILED_INSUFFICIENT_STORAGE: Failed to copy package: {error.strerror}"
    return await _failure(call, text)


async def _failure(call: Invocation, text: str) -> int:
    await call.out(f"Failure [{text}]\n")
    return 1


async def create(call: Invocation) -> int:
    """`pm install-create`: a session for several files."""
    options = parse(call.args)
    number = next(_session_numbers) + 1_000_000_000
    call.device.sessions[number] = []
    call.device.session_flags[number] = options.flags
    await call.out(f"Success: created install session [{number}]\n")
    return 0


def _session(call: Invocation, words: list[str]) -> int | None:
    number = int(words[0]) if words and words[0].isdigit() else -1
    return number if number in call.device.sessions else None


async def write(call: Invocation) -> int:
    """`pm install-write -S SIZE SESSION NAME [PATH|-]`."""
    options = parse(call.args)
    number = _session(call, options.paths)
    if number is None:
        return await _no_session(call, options.paths)
    folder = call.device.folder / "staging"
    folder.mkdir(exist_ok=True)
    descriptor, name = tempfile.mkstemp(suffix=".apk", dir=folder)
    os.close(descriptor)
    target = Path(name)
    source = options.paths[2] if len(options.paths) > 2 else "-"
    try:
        if source == "-":
            size = await receive(call.stdin, options.size_bytes or 1 << 40, target)
        else:
            data = call.device.files.read(source, call.state.cwd, uid=call.state.uid)
            size = target.write_bytes(data)
    except OSError as error:
        target.unlink()
        return await call.fail(f"Error: failed to write; {source}: {error.strerror}")
    call.device.sessions[number].append(target)
    await call.out(f"Success: streamed {size} bytes\n")
    return 0


async def commit(call: Invocation) -> int:
    """`pm install-commit SESSION`."""
    number = _session(call, parse(call.args).paths)
    if number is None:
        return await _no_session(call, call.args)
    parts = call.device.sessions.pop(number)
    flags = call.device.session_flags.pop(number)
    try:
        if not parts:
            return await _failure(call, "INSTALL_FAILED_INVALID_APK: Missing existing base package")
        if len(parts) > 1:
            return await _failure(call, _NO_SPLITS)
        return await _finish(call, parts[0], flags)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


async def abandon(call: Invocation) -> int:
    """`pm install-abandon SESSION`."""
    number = _session(call, parse(call.args).paths)
    if number is None:
        return await _no_session(call, call.args)
    call.device.session_flags.pop(number)
    for part in call.device.sessions.pop(number):
        part.unlink(missing_ok=True)
    await call.out("Success\n")
    return 0


async def _no_session(call: Invocation, words: list[str]) -> int:
    name = words[0] if words else ""
    return await call.fail(
        f"\nException occurred while executing '{call.argv[0]}':\n"
        f"java.lang.SecurityException: Caller has no access to session {name}",
        255,
    )


async def uninstall(call: Invocation) -> int:
    """`pm uninstall [-k] PACKAGE`."""
    words = [word for word in call.args if not word.startswith("-") and word != "0"]
    if not words:
        return await call.fail("Error: package name not specified")
    name = words[0]
    if call.device.packages.get(name) is None:
        return await _failure(call, "DELETE_FAILED_INTERNAL_ERROR")
    await call.device.activities.stop(name)
    await call.device.installer.uninstall(name, keep_data="-k" in call.args)
    await call.out("Success\n")
    return 0
