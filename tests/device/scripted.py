"""A scripted device behind the real adb protocol, and fakes for what needs no protocol.

`ScriptedDevice` answers shell commands from a table, keeps real files for `sync:` and real debugger
gates, in front of the package's own adbd; between it and the code under test stands the real adb
server from the adbutils wheel. `TableAdb` is the same table without any protocol.
"""

from __future__ import annotations

import asyncio
import shlex
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from harness.device.adb import Command
from harness.device.facts import ShellResult
from harness.errors import LabError
from harness.virtual.adbd import jdwp, relay, sync
from harness.virtual.adbd.server import AdbServer
from harness.virtual.adbd.service import Services
from harness.virtual.adbd.shell_service import shell
from harness.virtual.device.filesystem import FileSystem
from harness.virtual.shell.pipes import Pipe, Sink

Output = tuple[str | bytes, str, int]
Table = Mapping[str, Output | Callable[[str], Output]]
"""Start of a command line -> stdout, stderr, exit code, or what gives them; the longest counts."""


def look_up(table: Table, command: str) -> Output:
    found = max((start for start in table if command.startswith(start)), key=len, default=None)
    if found is None:
        return "", f"/system/bin/sh: {command.split()[0]}: inaccessible or not found\n", 127
    answer = table[found]
    return answer(command) if callable(answer) else answer


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


class _TableShell:
    def __init__(self, table: Table) -> None:
        self._table = table

    async def run(
        self, command: str, stdin: Pipe, stdout: Sink, stderr: Sink, *, interactive: bool = False
    ) -> int:
        out, err, code = look_up(self._table, command)
        if out:
            await stdout(_bytes(out))
        if err:
            await stderr(err.encode())
        return code


class _Gates:
    """Processes that wait for a debugger."""

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.released: list[int] = []

    def pids(self) -> list[int]:
        return self.waiting

    async def attached(self, pid: int) -> None:
        self.released.append(pid)

    async def changed(self) -> None:
        await asyncio.Event().wait()


class ScriptedDevice:
    """Listens like adbd; `port` is for `adb connect`."""

    def __init__(self, table: Table, folder: Path, features: str = "shell_v2,cmd,stat_v2") -> None:
        self.gates = _Gates()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        services = Services(
            {
                "shell": shell(_TableShell(table)),
                "sync": sync.sync(FileSystem(folder), lambda: 0),
                "jdwp": jdwp.attach(self.gates),
                "tcp": relay.tcp(lambda port: port),
            }
        )
        banner = f"device::ro.product.model=Scripted;features={features}"
        self._server = AdbServer(lambda: banner, services)
        self.port = asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(10)

    @property
    def serial(self) -> str:
        return f"127.0.0.1:{self.port}"

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class TableAdb:
    """An `Adb` without adb: a table, files, and the commands that were run."""

    def __init__(self, table: Table, files: Mapping[str, bytes] | None = None) -> None:
        self.serial = "table"
        self.table = table
        self.files = dict(files or {})
        self.ran: list[str] = []

    def shell_bytes(self, command: Command, timeout_s: float = 0) -> tuple[bytes, str, int]:
        line = command if isinstance(command, str) else shlex.join(command)
        self.ran.append(line)
        out, err, code = look_up(self.table, line)
        return _bytes(out), err, code

    def shell(self, command: Command, timeout_s: float = 0) -> ShellResult:
        out, err, code = self.shell_bytes(command)
        return ShellResult(out.decode("utf-8", "replace"), err, code)

    def push(self, source: Path | bytes, target: str, mode: int = 0o644) -> None:
        self.files[target] = source if isinstance(source, bytes) else source.read_bytes()

    def pull(self, source: str) -> bytes:
        if source not in self.files:
            raise LabError("the device did not answer", seen="No such file or directory")
        return self.files[source]


class FakeClock:
    """Time that passes only by sleeping, plus `tick_s` per look at it."""

    def __init__(self, tick_s: float = 0.0) -> None:
        self.time_s = 1000.0
        self._tick_s = tick_s
        self.slept: list[float] = []

    def now(self) -> float:
        self.time_s += self._tick_s
        return self.time_s

    def wall(self) -> float:
        return self.now() + 1_700_000_000

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time_s += seconds
