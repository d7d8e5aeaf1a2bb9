"""`pm install-create`, `-write`, `-remove`, `-commit`, `-abandon`: an installation in steps.

Texts: AOSP `PackageManagerShellCommand` (`runInstallCreate`, `doWriteSplit`, `doRemoveSplit`,
`doCommitSession`, `runInstallAbandon`). A session is the only way to install splits by adb.
"""

from __future__ import annotations

from dataclasses import replace

from harness.virtual.device.installer import Addition
from harness.virtual.device.sessions import InstallSession
from harness.virtual.shell.command import Invocation
from harness.virtual.shell.commands.exceptions import thrown
from harness.virtual.shell.commands.install import finish, parse, receive

_UNLIMITED = 1 << 40


async def create(call: Invocation) -> int:
    """`pm install-create [options]`; `-p PACKAGE` adds to what is installed."""
    options = parse(call.args)
    adds_to = Addition(options.inherits) if options.inherits else None
    session = call.device.sessions.create(options.flags, adds_to)
    await call.out(f"Success: created install session [{session.number}]\n")
    return 0


async def write(call: Invocation) -> int:
    """`pm install-write -S SIZE SESSION NAME [PATH|-]`."""
    options = parse(call.args)
    session = _session(call, options.paths)
    if session is None:
        return await _no_session(call, options.paths)
    name, source = ([*options.paths[1:], "-", "-"])[:2]
    try:
        target = session.file(name)
    except ValueError:
        return await thrown(
            call, call.argv[0], f"java.lang.IllegalArgumentException: Invalid name: {name}"
        )
    try:
        if source == "-":
            size = await receive(call.stdin, options.size_bytes or _UNLIMITED, target)
        else:
            data = call.device.files.read(source, call.state.cwd, uid=call.state.uid)
            size = target.write_bytes(data)
    except OSError as error:
        return await call.fail(f"Error: failed to write; {source}: {error.strerror}")
    await call.out(f"Success: streamed {size} bytes\n")
    return 0


async def remove(call: Invocation) -> int:
    """`pm install-remove SESSION SPLIT...`: of the package that the session adds to."""
    words = parse(call.args).paths
    session = _session(call, words)
    if session is None:
        return await _no_session(call, words)
    if not words[1:]:
        return await call.fail("Error: split name not specified")
    if session.adds_to is None:
        return await thrown(
            call,
            call.argv[0],
            "java.lang.IllegalStateException: Must specify package name to remove a split",
        )
    removed = (*session.adds_to.removed, *words[1:])
    session.adds_to = replace(session.adds_to, removed=removed)
    await call.out("Success\n")
    return 0


async def commit(call: Invocation) -> int:
    """`pm install-commit SESSION`."""
    words = parse(call.args).paths
    session = _session(call, words)
    if session is None:
        return await _no_session(call, words)
    try:
        return await finish(call, session)
    finally:
        call.device.sessions.end(session)


async def abandon(call: Invocation) -> int:
    """`pm install-abandon SESSION`."""
    words = parse(call.args).paths
    session = _session(call, words)
    if session is None:
        return await _no_session(call, words)
    call.device.sessions.end(session)
    await call.out("Success\n")
    return 0


def _session(call: Invocation, words: list[str]) -> InstallSession | None:
    return call.device.sessions.get(words[0]) if words else None


async def _no_session(call: Invocation, words: list[str]) -> int:
    name = words[0] if words else ""
    return await thrown(
        call, call.argv[0], f"java.lang.SecurityException: Caller has no access to session {name}"
    )
