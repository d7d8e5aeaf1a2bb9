"""The inside of a daemon: everything of one device, brought up in order and taken down again.

Bringing up: adbd first (so that a port in use is known at once), then the virtual internet, the
Frida endpoint and the Java runtime side by side, the first warm process, the APKs that were asked
for; then the device says that it has booted. Taking down never raises and goes the other way.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from harness.errors import LabError
from harness.virtual.adbd import AdbServer
from harness.virtual.adbd.link import FEATURES
from harness.virtual.daemon.attempts import AttemptRecord
from harness.virtual.daemon.configuration import Configuration, DeviceState
from harness.virtual.daemon.processes import started_ticks
from harness.virtual.daemon.services import services
from harness.virtual.device.device import Device
from harness.virtual.device.frida_endpoint import FridaEndpoint
from harness.virtual.device.installer import InstallFlags, RealApkRoom
from harness.virtual.device.kernel import SOCKETS
from harness.virtual.device.parts import InstallFailure
from harness.virtual.host import AppProcess, HostError, HostPool, HostRuntime, NetworkSettings
from harness.virtual.host.build import host_runtime
from harness.virtual.host.guard.support import warning
from harness.virtual.internet import Internet
from harness.virtual.web import Browsers, local_abstract, socket_lines

log = logging.getLogger(__name__)
Progress = Callable[[str], None]


class Machine:
    """One device with its processes; an asynchronous context manager.

    Args:
        configuration: what it is to be.
        progress: told in a few words what is being done.
    """

    def __init__(self, configuration: Configuration, progress: Progress) -> None:
        self._wanted = configuration
        self._progress = progress
        self._folder = Path(configuration.work_dir)
        self._frida = FridaEndpoint()
        self._record = self._folder / "witness.jsonl"
        self._internet = Internet(
            [Path(folder) for folder in configuration.answers],
            self._record,
            self._folder / "authority",
            live=configuration.live,
        )
        self._browsers = Browsers()
        self._stack = AsyncExitStack()
        self._restarts: set[asyncio.Task[None]] = set()
        self._attempts: AttemptRecord | None = None
        self._uncontained = ""

    async def start(self) -> DeviceState:
        """Bring everything up. Raises `HarnessError`; then everything is down again."""
        try:
            return await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        await self._stack.aclose()

    async def _start(self) -> DeviceState:
        source = _Later()
        device = Device(
            self._folder,
            RealApkRoom(),
            source,
            properties={"persist.sys.locale": self._wanted.locale},
        )
        server = AdbServer(
            lambda: device.banner(FEATURES),
            services(
                device,
                lambda: self._frida.port,
                lambda: self._restart(server),
                local_abstract(self._browsers),
            ),
        )
        device.files.generate("/proc/net/unix", lambda: SOCKETS + socket_lines(self._browsers))
        port = await self._listen(server)
        self._progress("starting the virtual internet, the Frida endpoint and Java")
        network, runtime = await self._surroundings()
        attempts = self._attempts = AttemptRecord(self._record)
        self._stack.callback(attempts.close)
        device.activities.attempted = attempts.add
        self._browsers.lead(network, self._internet.ca_pem, runtime.natives / "fonts", attempts.add)
        self._stack.push_async_callback(self._browsers.close)
        pool = self._pool(runtime, network)
        source.pool = pool
        self._stack.push_async_callback(pool.close)
        self._stack.push_async_callback(device.activities.stop_all)
        await pool.start()
        self._progress("warming up the first app process")
        await asyncio.gather(pool.ready(), self._install(device))
        device.properties.boot_completed()
        return self._state(port)

    async def _listen(self, server: AdbServer) -> int:
        try:
            port = await server.start(self._wanted.port)
        except OSError as error:
            raise LabError(
                f"the port {self._wanted.port} cannot be opened",
                where=f"127.0.0.1:{self._wanted.port}",
                seen=os.strerror(error.errno) if error.errno else str(error),
                action="choose another with --port, or leave it out for a free one",
            ) from error
        self._stack.push_async_callback(server.close)
        return port

    def _restart(self, server: AdbServer) -> None:
        task = asyncio.ensure_future(server.disconnect_all())
        self._restarts.add(task)
        task.add_done_callback(self._restarts.discard)

    async def _surroundings(self) -> tuple[NetworkSettings, HostRuntime]:
        self._stack.push_async_callback(self._internet.stop)
        self._stack.push_async_callback(self._frida.stop)
        async with asyncio.TaskGroup() as group:
            network = group.create_task(self._internet.start())
            runtime = group.create_task(asyncio.to_thread(host_runtime))
            group.create_task(self._frida.start())
        return network.result(), runtime.result()

    def _pool(self, runtime: HostRuntime, network: NetworkSettings) -> HostPool:
        processes = self._folder / "processes"
        shutil.rmtree(processes, ignore_errors=True)
        processes.mkdir()
        return HostPool(runtime, network, processes, size=self._wanted.spares, prepare=self._offer)

    async def _offer(self, process: AppProcess) -> None:
        """Let Frida clients find a warm process before any app is in it."""
        if process.unguarded and self._attempts is not None:
            self._uncontained = process.unguarded
            log.warning("%s", warning(process.unguarded))
            self._attempts.uncontained(warning(process.unguarded))
        self._browsers.offer(process)
        process.allow(self._frida.cluster_port)
        await self._frida.join(process.pid)

    async def _install(self, device: Device) -> None:
        for apk in self._wanted.apks:
            self._progress(f"installing {Path(apk).name}")
            try:
                flags = InstallFlags(downgrade=True)
                await device.installer.install(Path(apk), flags, apk)
            except InstallFailure as failure:
                raise LabError(
                    "the device refuses this APK", where=apk, seen=f"Failure [{failure}]"
                ) from failure
            except OSError as error:
                raise LabError("this APK cannot be read", where=apk, seen=str(error)) from error

    def _state(self, port: int) -> DeviceState:
        pid = os.getpid()
        return DeviceState(
            serial=f"127.0.0.1:{port}",
            port=port,
            pid=pid,
            started_ticks=started_ticks(pid),
            internet_pid=self._internet.pid,
            record=str(self._record),
            log=str(self._folder / "device.log"),
            work_dir=str(self._folder),
            temporary=self._wanted.temporary,
            owner_pid=self._wanted.owner_pid,
            uncontained=self._uncontained,
        )


class _Later:
    """A source of processes that exists before the pool does."""

    def __init__(self) -> None:
        self.pool: HostPool | None = None

    async def take(self) -> AppProcess:
        if self.pool is None:
            raise HostError("the device has not booted yet", action="wait for sys.boot_completed")
        return await self.pool.take()
