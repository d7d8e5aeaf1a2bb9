"""The device's `sh` as adbd sees it: one command line, or a loop over lines of input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from harness.virtual.shell.command import Command, ShellState
from harness.virtual.shell.control import LoopControl, ShellFault
from harness.virtual.shell.interpreter import Interpreter
from harness.virtual.shell.parser import parse
from harness.virtual.shell.pipes import Pipe, Sink
from harness.virtual.shell.redirection import Streams
from harness.virtual.shell.words import ShellSyntaxError

if TYPE_CHECKING:
    from harness.virtual.device.device import Device

_UNFINISHED = (
    "no closing quote",
    "syntax error: unexpected EOF",
    "syntax error: unmatched",
    "here document",
)
NAME = "/system/bin/sh"


class DeviceShell:
    """Makes a fresh shell for each stream.

    Args:
        device: what the commands work on.
        commands: the whole table.
        uid: the user adbd runs as, asked at each start.
    """

    def __init__(
        self, device: Device, commands: Mapping[str, Command], uid: Callable[[], int]
    ) -> None:
        self._device = device
        self._commands = commands
        self._uid = uid

    async def run(
        self, command: str, stdin: Pipe, stdout: Sink, stderr: Sink, *, interactive: bool = False
    ) -> int:
        """Run `command`, or without one every line of `stdin`; the exit status."""
        uid = self._uid()
        state = ShellState(uid, variables=_environment(uid), name=NAME)
        state.exported = set(state.variables)
        shell = Interpreter(self._device, self._commands, state)
        streams = Streams(stdin, stdout, stderr)
        if command:
            return await shell.run(command, streams)
        if interactive:
            state.options.add("i")
        return await shell.bounded(self._loop(shell, streams, interactive=interactive), streams)

    async def _loop(self, shell: Interpreter, streams: Streams, *, interactive: bool) -> int:
        name = self._device.properties.get("ro.product.device")
        pending = ""
        while True:
            if interactive:
                sign = "#" if shell.state.uid == 0 else "$"
                prompt = "> " if pending else f"{name}:{shell.state.cwd} {sign} "
                await streams.err(prompt.encode())
            line = await streams.stdin.read_line()
            if not line:
                return shell.state.status
            pending += line.decode("utf-8", "surrogateescape")
            if _unfinished(pending):
                continue
            text, pending = pending, ""
            try:
                await shell.execute(text, streams)
            except LoopControl:
                continue
            except ShellFault as fault:
                if not interactive:
                    raise
                await shell.say(str(fault), streams)
                shell.state.status = fault.status


def _unfinished(text: str) -> bool:
    try:
        parse(text)
    except ShellSyntaxError as error:
        return str(error).startswith(_UNFINISHED)
    return False


def _environment(uid: int) -> dict[str, str]:
    return {
        "HOME": "/",
        "HOSTNAME": "localhost",
        "LOGNAME": "root" if uid == 0 else "shell",
        "PATH": "/product/bin:/apex/com.android.runtime/bin:/system/bin:/system/xbin:/vendor/bin",
        "SHELL": "/bin/sh",
        "TERM": "dumb",
        "TMPDIR": "/data/local/tmp",
        "USER": "root" if uid == 0 else "shell",
        "ANDROID_DATA": "/data",
        "ANDROID_ROOT": "/system",
        "ANDROID_STORAGE": "/storage",
        "EXTERNAL_STORAGE": "/sdcard",
    }
