"""A device with fake app processes behind a real adbd, and a real adb server in front of it.

The device runs in a thread with an event loop of its own, so that tests use plain blocking clients.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from harness.device.adb import binary
from harness.device.server import PrivateServer, start_blind
from harness.virtual.adbd import AdbServer
from harness.virtual.adbd.link import FEATURES
from harness.virtual.apk import build_app
from harness.virtual.daemon.services import services
from harness.virtual.device.device import Device
from harness.virtual.web import Browsers, local_abstract
from tests.virtual.fakes.apks import FakeApkRoom
from tests.virtual.fakes.app_process import FakeSource
from tests.virtual.fakes.shell import ShellRig

T = TypeVar("T")


class DeviceThread:
    """A device, its adbd and its loop; `call` runs a coroutine on it from a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = FakeSource()
        self.frida_port: int | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.device = self.run(self._make())
        self.port = self.run(self.server.start(0))

    async def _make(self) -> Device:
        device = Device(self.folder, FakeApkRoom(), self.source)
        self.server = AdbServer(
            lambda: device.banner(FEATURES),
            services(device, lambda: self.frida_port, self._restart, local_abstract(Browsers())),
        )
        self._restarts: list[asyncio.Task[None]] = []
        return device

    def _restart(self) -> None:
        self._restarts.append(asyncio.ensure_future(self.server.disconnect_all()))

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(30)

    def call(self, function: Callable[[], T]) -> T:
        """Run a plain function on the device's loop."""

        async def called() -> T:
            return function()

        return self.run(called())

    def close(self) -> None:
        self.run(self.server.close())
        self.run(self.device.activities.stop_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@dataclass(frozen=True, slots=True)
class Adb:
    """The adb program against one device of the private server."""

    server_port: int
    serial: str

    def __call__(
        self, *words: str | Path, data: bytes | None = None, timeout_s: float = 60
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*self.argv, *map(str, words)],
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            timeout=timeout_s,
            env={**os.environ, "HOME": "/nonexistent"},
            check=False,
        )

    @property
    def argv(self) -> list[str]:
        return [str(binary()), "-P", str(self.server_port), "-s", self.serial]

    def text(self, *words: str | Path) -> str:
        """Standard output of a command that must succeed."""
        done = self(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout.decode()


@pytest.fixture(scope="session")
def clinic_apk() -> Path:
    """The sample app; at once when it has been built before."""
    return build_app(Path(__file__).parents[2] / "scenarios" / "apps" / "clinic", "leaky")


@pytest.fixture(scope="session")
def adb_server() -> Iterator[PrivateServer]:
    server = start_blind()
    yield server
    server.close()


@pytest.fixture
def fake_device(tmp_path: Path) -> Iterator[DeviceThread]:
    device = DeviceThread(tmp_path / "device")
    yield device
    device.close()


@pytest.fixture
def adb(adb_server: PrivateServer, fake_device: DeviceThread) -> Iterator[Adb]:
    serial = f"127.0.0.1:{fake_device.port}"
    client = Adb(adb_server.port, serial)
    assert b"connected to" in client("connect", serial).stdout
    client("wait-for-device")
    yield client
    client("disconnect", serial)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[ShellRig]:
    shell = ShellRig(tmp_path)
    yield shell
    shell.close()
