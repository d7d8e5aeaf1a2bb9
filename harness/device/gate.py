"""Android's wait-for-debugger gate: start an app so that it stops before its first own line.

Input: a device and a component. Output: the pid of the waiting process, then its release. `am start
-D` makes the process wait for a debugger before the Application exists; one JDWP handshake
(JDWP specification, "Handshake": both sides send `JDWP-Handshake`) lets it go on. On a phone
`Debug.waitForDebugger` looks for the debugger every 200 ms and goes on after 1.3 s of its silence,
so the connection is held until the app shows itself. Works for debuggable apps, or all on an
engineering build. `-W` must not be given: `am` would then wait for the app that waits for us.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from harness.clock import Clock, wait_until
from harness.device import readouts
from harness.device.device import Device
from harness.errors import LabError

HANDSHAKE = b"JDWP-Handshake"
PROCESS_TIMEOUT_S = 15.0
HANDSHAKE_TIMEOUT_S = 10.0
POLL_S = 0.05

_MAIN = ["-a", "android.intent.action.MAIN", "-c", "android.intent.category.LAUNCHER"]


def start_activity(device: Device, package: str, clock: Clock, *, debug: bool) -> int:
    """Start the launcher activity; the pid as soon as there is one.

    Raises:
        LabError: the app has no launcher activity, does not start, or cannot be debugged.
    """
    resolve = ["cmd", "package", "resolve-activity", "--brief", *_MAIN, package]
    component = readouts.launcher_activity(device.shell(resolve).stdout)
    target = ["-n", component] if component else ["-p", package]
    command = ["am", "start", *(["-D"] if debug else []), *_MAIN, *target]
    done = device.shell(command)
    where = f"{device.serial}: {' '.join(command)}"
    failure = readouts.activity_start_error(f"{done.stdout}\n{done.stderr}")
    if failure is not None or not done.ok:
        raise LabError(f"cannot start {package}", where=where, seen=failure or done.seen)
    pids: list[int] = []

    def running() -> bool:
        pid = device.pid_of(package)
        pids.extend([pid] if pid is not None else [])
        return bool(pids)

    if not wait_until(clock, running, PROCESS_TIMEOUT_S, POLL_S):
        raise LabError(
            f"{package} did not get a process within {PROCESS_TIMEOUT_S:g} s",
            where=where,
            seen=done.seen,
            action="start it by hand and look at `adb logcat`",
        )
    return pids[0]


@contextmanager
def debugger(device: Device, pid: int) -> Iterator[None]:
    """Be the debugger that process `pid` waits for, for as long as the block runs.

    Raises:
        LabError: the process does not answer the handshake; another debugger may hold it.
    """
    with device.adb.forwarded(f"jdwp:{pid}") as port:
        where = f"{device.serial}: jdwp:{pid}"
        try:
            connection = socket.create_connection(("127.0.0.1", port), HANDSHAKE_TIMEOUT_S)
        except OSError as error:
            raise LabError("no debugger connection", where=where, seen=str(error)) from error
        with connection:
            _shake_hands(connection, where)
            yield


def _shake_hands(connection: socket.socket, where: str) -> None:
    said = b""
    try:
        connection.sendall(HANDSHAKE)
        while len(said) < len(HANDSHAKE):
            chunk = connection.recv(len(HANDSHAKE) - len(said))
            if not chunk:
                break
            said += chunk
    except OSError as error:
        raise LabError("the debugger handshake failed", where=where, seen=str(error)) from error
    if said != HANDSHAKE:
        raise LabError(
            "the process does not answer the debugger handshake",
            where=where,
            seen=repr(said),
            action="close Android Studio or another debugger that is attached to the app",
        )
