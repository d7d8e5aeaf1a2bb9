"""What `sh` says of a word that is none of its commands (mksh, `exec.c`)."""

from __future__ import annotations

import contextlib

from harness.virtual.shell.command import Invocation

NOT_EXECUTABLE, NOT_FOUND = 126, 127


async def not_found(call: Invocation) -> int:
    """Why `call.argv[0]` cannot be run; the exit status."""
    name = call.argv[0]
    if "/" in name:
        with contextlib.suppress(OSError):
            entry = call.device.files.stat(name, call.state.cwd, uid=call.state.uid)
            why = "Is a directory" if entry.is_folder else "Permission denied"
            return await call.fail(f"/system/bin/sh: {name}: can't execute: {why}", NOT_EXECUTABLE)
    return await call.fail(f"/system/bin/sh: {name}: inaccessible or not found", NOT_FOUND)
