"""One running browser: started contained, found by its devtools port, ended with all its children.

Input: the program, its settings, our end of the socket on which somebody speaks the devtools
protocol with it. Output: the port of its devtools server. It ends when that socket closes, when its
parent dies, or by `stop`, whichever comes first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from pathlib import Path
from socket import socket as Socket
from socket import socketpair
from typing import Self

from harness.virtual.host.guard import Attempted, Supervisor
from harness.virtual.host.jvm import launched
from harness.virtual.toolchain.chromium import Chromium
from harness.virtual.web.command import (
    PROFILE,
    BrowserSettings,
    command_line,
    environment,
    fonts_conf,
)
from harness.virtual.web.filter import browser_filter
from harness.virtual.web.policy import BrowserPolicy

GRACE_S = 1.5
"""For writing the profile; a browser that a page keeps busy is ended then."""

_GUARD_END_S = 2.0
_LISTENING = re.compile(rb"DevTools listening on ws://127\.0\.0\.1:(\d+)(\S+)")

log = logging.getLogger(__name__)
Report = Callable[[Attempted], None]


class Browser:
    """A running Chromium. Belongs to the event loop that started it."""

    def __init__(self, process: Process, guard: Supervisor) -> None:
        self._process = process
        self._guard = guard
        self._endpoint: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read_errors())

    @classmethod
    async def start(
        cls, chromium: Chromium, wanted: BrowserSettings, pipe: Socket, report: Report
    ) -> Self:
        """Start it; `pipe` becomes the browser's. `report` hears of refused system calls, on
        another thread.

        Raises `OSError` when it cannot be started.
        """
        await asyncio.to_thread(_prepare, wanted)
        host, _, port = wanted.proxy.rpartition(":")
        ours, theirs = socketpair()
        policy = BrowserPolicy({(host, int(port))}, chromium.program)
        guard = Supervisor(policy, ours, report)
        fd = theirs.fileno()
        argv = launched(command_line(chromium, wanted), os.getpid(), fd, browser_filter())
        pipe.setblocking(True)
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=DEVNULL,
                stdout=pipe.fileno(),
                stderr=PIPE,
                pass_fds=[fd],
                cwd=wanted.private_dir,
                env=environment(chromium, wanted),
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        guard.start()
        return cls(process, guard)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def endpoint(self) -> tuple[int, str]:
        """Port and path of its devtools server.

        Raises `ConnectionError` when it has ended.
        """
        return await asyncio.shield(self._endpoint)

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """End it and its children; returns when they are gone. Never raises."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), grace_s)
        # Its session, for the children of one that did not end in an orderly way.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        await self._process.wait()
        await self._reading
        await asyncio.to_thread(self._guard.join, _GUARD_END_S)

    async def _read_errors(self) -> None:
        assert self._process.stderr is not None
        try:
            async for line in self._process.stderr:
                found = _LISTENING.search(line)
                if found and not self._endpoint.done():
                    self._endpoint.set_result((int(found[1]), found[2].decode()))
                elif line.strip():
                    log.debug("browser %d: %s", self.pid, line.decode(errors="replace").rstrip())
        except ValueError:
            log.debug("browser %d wrote a line without end", self.pid)
        finally:
            if not self._endpoint.done():
                self._endpoint.set_exception(ConnectionError("the browser has ended"))
                self._endpoint.exception()


def _prepare(wanted: BrowserSettings) -> None:
    wanted.private_dir.mkdir(parents=True, exist_ok=True)
    wanted.data_dir.mkdir(parents=True, exist_ok=True)
    (wanted.private_dir / "fonts.conf").write_text(fonts_conf(wanted), encoding="utf-8")
    # A browser that was killed leaves a lock that names its pid, which may be another's by now.
    for name in ("SingletonLock", "SingletonCookie", "SingletonSocket", "DevToolsActivePort"):
        Path(wanted.data_dir / PROFILE / name).unlink(missing_ok=True)
