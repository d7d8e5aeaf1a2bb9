"""From the name of a command to its code: the table, then scripts on the device, then `not found`.

What a command raises becomes its message: an app process that is gone or busy, a full disk.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from harness.virtual.device.incidents import report_silence
from harness.virtual.host import HostError, HostTimeout
from harness.virtual.shell.command import Command, Invocation
from harness.virtual.shell.not_found import not_found

_FOLDERS = ("", "/system/bin", "/bin", "/system/xbin")
_EXECUTABLE = 0o111


async def started(commands: Mapping[str, Command], call: Invocation) -> int:
    """Run what `call.argv[0]` names; its status."""
    name = call.argv[0]
    folder, _, last = name.rpartition("/")
    command = commands.get(last) if folder in _FOLDERS else None
    if command is None:
        if "/" in name and _is_script(call):
            return await commands["sh"].run(call.again(["sh", *call.argv]))
        return await not_found(call)
    try:
        return await command.run(call)
    except HostError as error:  # the app process is gone, busy, or refuses
        if isinstance(error, HostTimeout):
            report_silence(call.device.log, error.where.partition(" ")[0], error)
        return await call.fail(f"{name}: {error.what.splitlines()[0]}")
    except BrokenPipeError:
        raise
    except OSError as error:  # such as a disk that is full
        return await call.fail(f"{name}: {error.strerror or error}")


def _is_script(call: Invocation) -> bool:
    """Whether it is a file that may be executed; there are no other programs on the device."""
    with contextlib.suppress(OSError):
        entry = call.device.files.stat(call.argv[0], call.state.cwd, uid=call.state.uid)
        return not entry.is_folder and bool(entry.mode & _EXECUTABLE)
    return False
