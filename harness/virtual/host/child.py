"""A child process that another thread of ours may trace.

Frida attaches with ptrace(2) from inside the attaching process, and that may be the parent of the
app process. Then every wait4(2) for this child, also one that only asks for exits, steals the stops
that Frida waits for: asyncio's own subprocesses cannot be used, whose watcher does just that. Here
the end is learnt from a pidfd(2), and the child is reaped only afterwards.

Input: argv and a folder. Output: asyncio streams, the exit code. Refuses nothing by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Self

_POLL_S = 0.05
_ENDED_STATES = ("Z", "X")


class Child:
    """A started process with pipes for its standard streams. Belongs to the running event loop."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        stdin: asyncio.StreamWriter,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        self._process = process
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self._end = asyncio.create_task(self._reap())

    @classmethod
    async def start(cls, argv: list[str], folder: Path, pass_fds: Sequence[int] = ()) -> Self:
        """Start in a session of its own, so that a terminal's Ctrl-C is the parent's business.

        `pass_fds`: further file descriptors that the child inherits under the same numbers.
        """
        process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            start_new_session=True,
            pass_fds=pass_fds,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        return cls(
            process,
            await _writer(process.stdin),
            await _reader(process.stdout),
            await _reader(process.stderr),
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As of `subprocess`: negative for a signal, None while it runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """The exit code, when it has ended."""
        return await asyncio.shield(self._end)

    def send(self, number: signal.Signals) -> None:
        """Send a signal; to a process that has ended it is none."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def _reap(self) -> int:
        await self._ended()
        code = self._process.wait()
        self.stdin.close()
        return code

    async def _ended(self) -> None:
        try:
            descriptor = os.pidfd_open(self.pid)
        except OSError:  # a kernel before 5.3, or a sandbox that does not let it through
            while _state(self.pid) not in _ENDED_STATES:
                await asyncio.sleep(_POLL_S)
            return
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        loop.add_reader(descriptor, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)


def _state(pid: int) -> str:
    """The process state letter of proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def _reader(pipe: IO[bytes]) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


async def _writer(pipe: IO[bytes]) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), pipe
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)
