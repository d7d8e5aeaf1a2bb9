"""Warm processes ready to become an app.

A JVM with the framework needs seconds to boot and a fraction of one to take an app afterwards, so
a few are kept waiting, at no CPU. `take` hands out the oldest and has the next one started, after a
pause and at low priority, so that it does not compete with the app that was just started.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from harness.virtual.host.errors import HostGone
from harness.virtual.host.model import HostRuntime, NetworkSettings
from harness.virtual.host.process import AppProcess

REFILL_DELAY_S = 2.0

Prepare = Callable[[AppProcess], Awaitable[None]]

_BACKGROUND_NICE = 10
_FOREGROUND_NICE = 0


class HostPool:
    """Keeps `size` warm processes; an asynchronous context manager.

    Args:
        runtime: jars and java to start them from.
        network: the proxy and the trust store; same for all.
        tmp_dir: existing folder; each process gets a private folder in it and removes it.
        size: how many wait.
        refill_delay_s: pause after `take` before the next one is started.
        prepare: done to each process once it is warm, before it is handed out.
    """

    def __init__(
        self,
        runtime: HostRuntime,
        network: NetworkSettings,
        tmp_dir: Path,
        *,
        size: int = 1,
        refill_delay_s: float = REFILL_DELAY_S,
        prepare: Prepare | None = None,
    ) -> None:
        self._runtime = runtime
        self._network = network
        self._tmp_dir = tmp_dir
        self._size = size
        self._refill_delay_s = refill_delay_s
        self._prepare = prepare
        self._waiting: list[AppProcess] = []
        self._becoming_ready: dict[AppProcess, asyncio.Task[None]] = {}
        self._refill: asyncio.Task[None] | None = None
        self._closing = False

    async def __aenter__(self) -> HostPool:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Start the first processes without waiting for them; the first at full priority."""
        await self._fill(background=False)

    async def take(self) -> AppProcess:
        """A warm process, the caller's from now on. Waits while one warms up.

        Raises `HostGone` or `HostTimeout` when none can be started.
        """
        try:
            process = await self._take()
        except HostGone:
            # One that somebody ended while it waited (the kernel, short of memory) is no reason
            # to fail as long as a new one can be started.
            process = await self._take()
        if self._refill is None or self._refill.done():
            self._refill = asyncio.create_task(self._refill_later())
        return process

    async def _take(self) -> AppProcess:
        await self._fill(background=False)
        process = self._waiting.pop(0)
        _set_priority(process.pid, _FOREGROUND_NICE)
        try:
            await self._becoming_ready.pop(process)
            await process.memory()  # an answer is the only proof that it still lives
        except BaseException:
            await process.terminate()
            raise
        return process

    async def ready(self) -> None:
        """Return when a process waits that could be taken at once.

        Raises what `take` would.
        """
        if not self._waiting:
            await self._fill(background=False)
        await asyncio.shield(self._becoming_ready[self._waiting[0]])

    async def close(self) -> None:
        """End the processes that wait. Those handed out belong to their takers."""
        self._closing = True
        if self._refill is not None:
            self._refill.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._refill
        waiting, self._waiting = self._waiting, []
        tasks, self._becoming_ready = list(self._becoming_ready.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(process.terminate() for process in waiting))
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make_ready(self, process: AppProcess) -> None:
        await process.warmed_up()
        if self._prepare is not None:
            await self._prepare(process)

    async def _refill_later(self) -> None:
        await asyncio.sleep(self._refill_delay_s)
        await self._fill(background=True)

    async def _fill(self, background: bool) -> None:
        self._waiting = [process for process in self._waiting if process.alive]
        alive = {process: self._becoming_ready[process] for process in self._waiting}
        self._becoming_ready = alive
        while len(self._waiting) < self._size and not self._closing:
            process = await AppProcess.spawn(self._runtime, self._network, self._tmp_dir)
            if background:
                _set_priority(process.pid, _BACKGROUND_NICE)
            self._waiting.append(process)
            task = asyncio.create_task(self._make_ready(process))
            task.add_done_callback(_seen)
            self._becoming_ready[process] = task


def _seen(task: asyncio.Task[None]) -> None:
    """Read the outcome once, so that asyncio does not report it as lost; `take` raises it."""
    if not task.cancelled():
        task.exception()


def _set_priority(pid: int, nice: int) -> None:
    """Niceness of the process' scheduling group (sched(7), autogroup).

    Unlike the niceness of a process it may be lowered again without privileges. Kernels and
    containers without autogroups refuse it; the process then runs at its ordinary priority.
    """
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(nice))
