"""The services that adbd offers for a device: the table, and the few that need both.

`abb_exec:` runs `cmd` with words apart from each other; `root:` and `unroot:` change who adbd runs
as and drop all connections, as a restart of adbd does (AOSP `adb/daemon/restart_service.cpp`);
`reboot:` ends all apps and drops all connections, into other modes it is refused; `reverse:` keeps
the device's side of the ports. `localabstract:` reaches the devtools of web views; other local
sockets have nothing behind them and are refused like closed ports.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable

from harness.virtual.adbd import Services, Session, Stream, jdwp, relay, shell_service, sync
from harness.virtual.adbd.reverse import Reverse
from harness.virtual.adbd.service import Opener, argument, constant
from harness.virtual.device.activities import ActivityManager
from harness.virtual.device.device import Device
from harness.virtual.device.filesystem import ROOT_UID
from harness.virtual.shell.commands import all_commands
from harness.virtual.shell.session import DeviceShell

FRIDA_PORT = 27042
_RESTART_DELAY_S = 0.1


class Debuggees:
    """The device's processes as `jdwp` sees them."""

    def __init__(self, activities: ActivityManager) -> None:
        self._activities = activities

    def pids(self) -> list[int]:
        return sorted(app.process.pid for app in self._activities.running())

    async def attached(self, pid: int) -> None:
        await self._activities.debugger_attached(pid)

    def generation(self) -> int:
        return self._activities.generation

    async def changed(self, since: int) -> None:
        await self._activities.changed(since)


def services(
    device: Device,
    frida_port: Callable[[], int | None],
    restart: Callable[[], None],
    local_abstract: Opener,
) -> Services:
    """The table.

    Args:
        device: what the services work on.
        frida_port: the real port behind the device's 27042.
        restart: drops all connections.
        local_abstract: the service of that name: the devtools of web views.
    """
    runner = DeviceShell(device, all_commands(), lambda: device.uid)
    debuggees = Debuggees(device.activities)
    reverse = Reverse()

    def ports(port: int) -> int | None:
        return frida_port() if port == FRIDA_PORT else reverse.port(port)

    abb = _abb(shell_service.execute(runner))
    return Services(
        {
            "shell": shell_service.shell(runner),
            "exec": shell_service.execute(runner),
            "abb_exec": abb,
            "abb": abb,
            "sync": sync.sync(device.files, lambda: device.uid),
            "tcp": relay.tcp(ports),
            "localabstract": local_abstract,
            "reverse": reverse.opener,
            "jdwp": jdwp.attach(debuggees),
            "track-jdwp": jdwp.track(debuggees),
            "root": _change_user(device, restart, as_root=True),
            "unroot": _change_user(device, restart, as_root=False),
            "reboot": _reboot(device, restart),
            "remount": constant('Not running as root. Try "adb root" first.\n'),
        }
    )


def _abb(execute: Opener) -> Opener:
    """`abb_exec:package\\0install\\0...` as `cmd package install ...`."""

    async def opener(service: bytes) -> Session | None:
        words = argument(service).rstrip("\0").split("\0")
        line = shlex.join(["cmd", *words])
        return await execute(b"exec:" + line.encode("utf-8", "surrogateescape"))

    return opener


def _change_user(device: Device, restart: Callable[[], None], *, as_root: bool) -> Opener:
    already = "adbd is already running as root\n" if as_root else "adbd not running as root\n"
    change = "restarting adbd as root\n" if as_root else "restarting adbd as non root\n"

    async def session(stream: Stream) -> None:
        if (device.uid == ROOT_UID) is as_root:
            await stream.write(already.encode())
            return
        device.as_root = as_root
        await stream.write(change.encode())
        # The client must have the text and the end of the stream before its connection goes.
        asyncio.get_running_loop().call_later(_RESTART_DELAY_S, restart)

    async def opener(service: bytes) -> Session | None:
        return session

    return opener


def _reboot(device: Device, restart: Callable[[], None]) -> Opener:
    """A reboot as clients notice it: no app runs, adbd is back as `shell`, files have stayed."""

    async def session(stream: Stream) -> None:
        device.properties.reboot()
        for app in device.activities.running():
            await device.activities.stop(app.package)
        await device.activities.home()
        device.as_root = False
        device.properties.boot_completed()
        # As AOSP's `reboot_device`: the stream lasts until the connection goes, so that in
        # `adb reboot && adb wait-for-device` nobody waits for the device that is still there.
        restart()
        await asyncio.Event().wait()

    async def opener(service: bytes) -> Session | None:
        return session if argument(service) in ("", "userspace") else None

    return opener
