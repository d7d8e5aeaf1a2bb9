"""`shell:`, `shell,v2:` and `exec:`: a command line of the host in front of the device's shell.

The shell itself is given (`Shell`); here are only the three ways its input, output and exit code
travel. v2 frames stdout, stderr and the exit code apart; without v2 and for `exec:` both outputs
share the stream. `pty` adds a terminal's line discipline. When the host closes the stream the
command is cancelled, as adbd hangs up its process group.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from harness.virtual.adbd import shell_protocol as frames
from harness.virtual.adbd.service import Opener, Session, argument, options
from harness.virtual.adbd.stream import Stream
from harness.virtual.adbd.terminal import Terminal
from harness.virtual.shell.pipes import Pipe, Sink

EXIT_HANG_UP = 129
DRAIN_S = 10.0
"""How long a command of `exec:` may go on with input that came before the host hung up."""


class Shell(Protocol):
    """The device's `sh`."""

    async def run(
        self, command: str, stdin: Pipe, stdout: Sink, stderr: Sink, *, interactive: bool = False
    ) -> int:
        """Run a command line, or without one an interactive loop; the exit status."""


def shell(runner: Shell) -> Opener:
    """The service `shell`, with or without `v2`, `pty`, `raw`."""

    async def opener(service: bytes) -> Session | None:
        command, given = argument(service), options(service)
        pty = "pty" in given or (not command and "raw" not in given)
        return _session(runner, command, v2="v2" in given, pty=pty)

    return opener


def execute(runner: Shell) -> Opener:
    """The service `exec`: raw bytes both ways."""

    async def opener(service: bytes) -> Session | None:
        return _session(runner, argument(service), v2=False, pty=False)

    return opener


def _session(runner: Shell, command: str, *, v2: bool, pty: bool) -> Session:
    async def session(stream: Stream) -> None:
        out, err = _sinks(stream, v2=v2)
        stdin = Pipe()
        take: Callable[[bytes], Awaitable[None]] = stdin.write
        if pty:
            terminal = Terminal(stdin, out)
            take, out, err = terminal.type, terminal.output, terminal.output
        feeder = asyncio.create_task(_feed(stream, take, stdin, v2=v2))
        work = runner.run(command, stdin, out, err, interactive=pty)
        # `adb exec-in` hangs up right behind its last byte: the command still has to read it.
        code = await _until_closed(stream, work, grace_s=0.0 if v2 or pty else DRAIN_S)
        feeder.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await feeder
        if v2 and not stream.closed.is_set():
            await stream.write(frames.frame(frames.EXIT, bytes([code & 0xFF])))

    return session


def _sinks(stream: Stream, *, v2: bool) -> tuple[Sink, Sink]:
    if not v2:
        return stream.write, stream.write

    async def out(data: bytes) -> None:
        await stream.write(frames.frame(frames.STDOUT, data))

    async def err(data: bytes) -> None:
        await stream.write(frames.frame(frames.STDERR, data))

    return out, err


async def _feed(
    stream: Stream, take: Callable[[bytes], Awaitable[None]], stdin: Pipe, *, v2: bool
) -> None:
    """Carry the host's input to the command until either side ends."""
    decoder = frames.FrameDecoder()
    try:
        while data := await stream.read():
            if not v2:
                await take(data)
                continue
            for kind, piece in decoder.feed(data):
                if kind == frames.STDIN:
                    await take(piece)
                elif kind == frames.CLOSE_STDIN:
                    stdin.close()
    except BrokenPipeError:
        while await stream.read():
            pass  # nobody reads any more; keep the host's side flowing
    finally:
        stdin.close()


async def _until_closed(stream: Stream, work: Awaitable[int], grace_s: float) -> int:
    """The result of `work`; cancels it when the host hangs up, `grace_s` later."""
    task = asyncio.ensure_future(work)
    hang_up = asyncio.create_task(stream.closed.wait())
    try:
        await asyncio.wait({task, hang_up}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and grace_s:
            await asyncio.wait({task}, timeout=grace_s)
        if not task.done():
            return EXIT_HANG_UP
        return task.result()
    finally:
        for pending in (task, hang_up):
            pending.cancel()
        await asyncio.gather(task, hang_up, return_exceptions=True)
