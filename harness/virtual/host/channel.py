"""The control channel of one app process: spawn, frames, answers, events, end.

One asyncio object per JVM. Several requests may be under way; answers find theirs by number. What
the process says by itself goes to the listeners. However the process ends, everything that still
waits gets `HostGone`, listeners get `Exited`, and the private folder is removed. Knows no command.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import signal
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from socket import socket as Socket
from socket import socketpair
from typing import Any, Self, TypeVar

from harness.virtual.host import decoding
from harness.virtual.host.child import Child
from harness.virtual.host.errors import CommandFailed, HostGone, HostTimeout
from harness.virtual.host.guard import Attempted, Policy, Supervisor
from harness.virtual.host.jvm import command_line
from harness.virtual.host.model import Attempt, Event, Exited, HostRuntime, NetworkSettings
from harness.virtual.host.wire import Frame, FrameDecoder, encode

CALL_TIMEOUT_S = 30.0
WARM_UP_TIMEOUT_S = 120.0
TERMINATE_GRACE_S = 3.0

_GUARD_END_S = 2.0
"""Longer only when a program that the app has started outlives it."""

_STDERR_TAIL_LINES = 40
_READ_BYTES = 256 * 1024

Listener = Callable[[Event], None]
T = TypeVar("T")


class Channel:
    """A running JVM and the conversation with it."""

    def __init__(self, child: Child, private_dir: Path, policy: Policy, guard: Socket) -> None:
        self._child = child
        self._private_dir = private_dir
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Frame]] = {}
        self._listeners: list[Listener] = []
        self._stderr_tail: deque[str] = deque(maxlen=_STDERR_TAIL_LINES)
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closed = asyncio.Event()
        self._at_end: list[Callable[[], Awaitable[None]]] = []
        self._label = "warm process"
        self._loop = asyncio.get_running_loop()
        self._policy = policy
        self._guard = Supervisor(policy, guard, self.attempted)
        self._guard.start()
        self._tasks = [
            asyncio.create_task(self._read_frames()),
            asyncio.create_task(self._read_stderr()),
        ]

    @classmethod
    async def spawn(cls, runtime: HostRuntime, network: NetworkSettings, tmp_dir: Path) -> Self:
        """Start a JVM under `tmp_dir`; it warms up by itself, see `warmed_up`."""
        private_dir = Path(tempfile.mkdtemp(prefix="app-", dir=tmp_dir))
        ours, theirs = socketpair()
        fd = theirs.fileno()
        argv = command_line(runtime, network, private_dir, os.getpid(), fd)
        try:
            child = await Child.start(argv, private_dir, [fd])
        except BaseException:
            ours.close()
            shutil.rmtree(private_dir, ignore_errors=True)
            raise
        finally:
            theirs.close()
        policy = Policy({(network.socks_host, network.socks_port)}, runtime.java)
        return cls(child, private_dir, policy, ours)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def private_dir(self) -> Path:
        """The process' own folder and working directory; it goes when the process does."""
        return self._private_dir

    def at_end(self, work: Callable[[], Awaitable[None]]) -> None:
        """Have something done when the process has ended, before anybody is told; never raises."""
        self._at_end.append(work)

    def allow(self, port: int, host: str = "127.0.0.1") -> None:
        """Let the process connect to a further port: the endpoint over which Frida reaches it."""
        self._policy.peers.add((host, port))

    @property
    def unguarded(self) -> str:
        """Why the kernel does not hold this process (then only Java code is contained), or empty.

        Known once the process is warm.
        """
        return self._guard.refused

    @property
    def alive(self) -> bool:
        return not self._closed.is_set()

    @property
    def exit_code(self) -> int | None:
        return self._child.returncode

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with each event from now on, on the event loop; it must not block."""
        self._listeners.append(listener)

    async def events(self) -> AsyncIterator[Event]:
        """Events from now on, ending after `Exited`."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self.subscribe(queue.put_nowait)
        try:
            while self.alive or not queue.empty():
                event = await queue.get()
                yield event
                if isinstance(event, Exited):
                    return
        finally:
            self._listeners.remove(queue.put_nowait)

    async def warmed_up(self, timeout_s: float = WARM_UP_TIMEOUT_S) -> None:
        """Return when the process can take an app."""
        await self._within(asyncio.shield(self._ready), timeout_s, "warm-up")

    async def call(
        self,
        command: str,
        arguments: dict[str, Any] | None = None,
        *,
        timeout_s: float = CALL_TIMEOUT_S,
    ) -> Frame:
        """Send one command and return its answer (`header["result"]`, `blob`).

        Raises `CommandFailed`, `HostTimeout`, `HostGone`.
        """
        if not self.alive:
            raise self._gone(command)
        number = next(self._ids)
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._pending[number] = future
        header = {
            "id": number,
            "command": command,
            "arguments": arguments or {},
            "timeout_ms": int(timeout_s * 1000),
        }
        try:
            self._child.stdin.write(encode(Frame(header)))
            await self._child.stdin.drain()
            answer = await self._within(future, timeout_s + 1, command)
        except (ConnectionError, BrokenPipeError) as error:
            raise self._gone(command) from error
        finally:
            self._pending.pop(number, None)
        if answer.header["ok"]:
            return answer
        kind, message = answer.header["kind"], answer.header["message"]
        if kind == "main_thread_busy":
            raise HostTimeout(message, where=self._where(command))
        raise CommandFailed(kind, message, where=self._where(command))

    async def wait_closed(self) -> int | None:
        """Wait for the end of the process; its exit code."""
        await self._closed.wait()
        return self._child.returncode

    async def terminate(self, grace_s: float = TERMINATE_GRACE_S) -> None:
        """End the process (SIGTERM, after `grace_s` SIGKILL) and remove its private folder."""
        self._child.send(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._closed.wait(), grace_s)
        except TimeoutError:
            self._child.send(signal.SIGKILL)
            await self._closed.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def kill(self) -> None:
        """End the process at once (SIGKILL, as Android ends apps); its private folder goes, too."""
        self._child.send(signal.SIGKILL)
        await self._closed.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read_frames(self) -> None:
        """Serve the control channel until it ends, then settle everything that still waits."""
        stream = self._child.stdout
        decoder = FrameDecoder()
        try:
            while data := await stream.read(_READ_BYTES):
                for frame in decoder.feed(data):
                    self._dispatch(frame)
        except (ValueError, KeyError, TypeError) as error:
            self._stderr_tail.append(f"control channel: {error!r}")
            self._child.send(signal.SIGKILL)
        finally:
            code = await self._child.wait()
            for work in self._at_end:
                await work()
            await asyncio.to_thread(self._clean_up)
            self._settle(code)

    def _clean_up(self) -> None:
        self._guard.join(_GUARD_END_S)
        shutil.rmtree(self._private_dir, ignore_errors=True)

    def _dispatch(self, frame: Frame) -> None:
        if "id" in frame.header:
            future = self._pending.get(frame.header["id"])
            if future is not None and not future.done():
                future.set_result(frame)
        elif frame.header["event"] == "ready":
            if not self._ready.done():
                self._ready.set_result(None)
        else:
            self._publish(decoding.event(frame.header))

    def _settle(self, code: int) -> None:
        self._closed.set()
        waiting: list[asyncio.Future[Any]] = [*self._pending.values(), self._ready]
        for future in waiting:
            if not future.done():
                future.set_exception(self._gone("command"))
                future.exception()  # read once, so that asyncio does not report it as lost
        self._publish(Exited(code))

    def attempted(self, what: Attempted) -> None:
        """Tell the listeners what the kernel refused; from any thread, also after the loop."""
        with contextlib.suppress(RuntimeError):
            event = Attempt(what.kind, what.target, "")
            self._loop.call_soon_threadsafe(self._publish, event)

    def _publish(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)

    async def _read_stderr(self) -> None:
        stream = self._child.stderr
        pending = b""
        while data := await stream.read(_READ_BYTES):
            *lines, pending = (pending + data).split(b"\n")
            self._stderr_tail.extend(line.decode("utf-8", "replace") for line in lines)
            pending = pending[-_READ_BYTES:]

    async def _within(self, future: asyncio.Future[T], timeout_s: float, what: str) -> T:
        try:
            return await asyncio.wait_for(future, timeout_s)
        except TimeoutError as error:
            raise HostTimeout(
                f"no answer within {timeout_s:g} s",
                where=self._where(what),
                action="look at the device's log; stop the app and start it again",
            ) from error

    def _where(self, command: str) -> str:
        return f"{self._label} (pid {self.pid}), {command}"

    def _gone(self, command: str) -> HostGone:
        return HostGone(
            "the app process has ended",
            where=self._where(command),
            seen="\n".join(self._stderr_tail) or f"exit code {self._child.returncode}",
        )
