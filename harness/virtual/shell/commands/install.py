"""`pm install` and `pm uninstall`; the sessions of `pm install-create` are `install_sessions`.

An APK comes from a path of the device or, with `-S SIZE`, from standard input. Whatever is wrong
with it gives `Failure [...]` on standard output and status 1; adb's clients look for `Success` and
`Failure` there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from harness.virtual.device.installer import Addition, InstallFlags
from harness.virtual.device.parts import InstallFailure
from harness.virtual.device.sessions import InstallSession
from harness.virtual.shell.command import Invocation
from harness.virtual.shell.pipes import Pipe

_WITH_VALUE = frozenset(
    [
        "-i",
        "--user",
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


@dataclass(slots=True)
class Options:
    """The words after `install`, sorted; `inherits`: the package that `-p` adds to."""

    flags: InstallFlags = field(default_factory=InstallFlags)
    size_bytes: int | None = None
    paths: list[str] = field(default_factory=list)
    inherits: str = ""


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
        elif word == "-p":
            options.inherits = next(rest, "")
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
    """`pm install [options] PATH [SPLIT...]`, or one APK from standard input with `-S SIZE`."""
    options = parse(call.args)
    session = call.device.sessions.create(options.flags, _addition(options))
    try:
        if options.size_bytes is not None:
            target = session.file("base.apk")
            if await receive(call.stdin, options.size_bytes, target) < options.size_bytes:
                return await failure(
                    call, "INSTALL_FAILED_INVALID_APK: Failed to read the whole file"
                )
        elif not options.paths:
            return await call.fail("Error: must either specify a package size or an APK file", 1)
        for path in options.paths if options.size_bytes is None else ():
            name = "base.apk" if len(options.paths) == 1 else path.rpartition("/")[2]
            try:
                where = call.device.files.readable(path, call.state.cwd, uid=call.state.uid)
            except OSError as error:
                return await call.fail(
                    f"Error: Unable to open file: {path}\n"
                    "Consider using a file under /data/local/tmp/\n"
                    f"Error: Can't open file: {path} ({error.strerror})"
                )
            session.use(name, call.device.files.host_path(where))
        return await finish(call, session)
    except OSError as error:
        return await _no_room(call, error)
    finally:
        call.device.sessions.end(session)


def _addition(options: Options) -> Addition | None:
    return Addition(options.inherits) if options.inherits else None


async def finish(call: Invocation, session: InstallSession) -> int:
    """Install what a session holds, stopping the app afterwards if it runs."""
    installer = call.device.installer
    try:
        package = await installer.install_parts(session.staged(), session.flags, session.adds_to)
    except InstallFailure as refused:
        return await failure(call, str(refused))
    except OSError as error:
        return await _no_room(call, error)
    app = call.device.activities.app(package.name)
    if app is not None:
        await call.device.activities.stop(package.name)
    await call.out("Success\n")
    return 0


async def _no_room(call: Invocation, error: OSError) -> int:
    text = f"INSTALL_FAILED_INSUFFICIENT_STORAGE: Failed to copy package: {error.strerror}"
    return await failure(call, text)


async def failure(call: Invocation, text: str) -> int:
    """Say why a package is not installed or removed."""
    await call.out(f"Failure [{text}]\n")
    return 1


async def uninstall(call: Invocation) -> int:
    """`pm uninstall [-k] PACKAGE [SPLIT...]`; with splits only these go."""
    words = [word for word in call.args if not word.startswith("-") and word != "0"]
    if not words:
        return await call.fail("Error: package name not specified")
    name = words[0]
    if call.device.packages.get(name) is None:
        return await failure(call, "DELETE_FAILED_INTERNAL_ERROR")
    if words[1:]:
        session = call.device.sessions.create(InstallFlags(), Addition(name, tuple(words[1:])))
        try:
            return await finish(call, session)
        finally:
            call.device.sessions.end(session)
    await call.device.activities.stop(name)
    await call.device.installer.uninstall(name, keep_data="-k" in call.args)
    await call.out("Success\n")
    return 0
