"""How Android's shell commands print an exception, and the status they end with.

AOSP `android.os.ShellCommand` / `com.android.modules.utils.BasicShellCommandHandler.exec`: a line
with the command, the trace on stderr, result -1, which the `cmd` program turns into 255.
"""

from __future__ import annotations

from harness.virtual.shell.command import Invocation

STATUS = 255


async def thrown(
    call: Invocation, command: str, exception: str, frames: tuple[str, ...] = ()
) -> int:
    """Print `exception` (class and message) as thrown while `command` ran; the status."""
    lines = [
        "",
        f"Exception occurred while executing '{command}':",
        exception,
        *(f"\tat {frame}" for frame in frames),
    ]
    await call.err("\n".join(lines) + "\n")
    return STATUS
