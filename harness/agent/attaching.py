"""Frida's way into a process: held at its start, or attached to while it runs.

Input: an endpoint and a package or pid. Output: a pid, or Frida's session. What passes by itself
while a device or process is starting is tried again until the deadline. Refuses (LabError, with
the remedy) everything else.
"""

from __future__ import annotations

import frida

from harness.clock import Deadline
from harness.errors import LabError

from .devices import UNREACHED, Endpoint, limited

_ATTACH_POLL_S = 0.1
# What may pass by itself while a device or process is starting.
_PASSING = (
    frida.ProcessNotFoundError,
    frida.ServerNotRunningError,
    frida.TransportError,
    frida.TimedOutError,
    frida.ProcessNotRespondingError,
)
# What does not pass; after `_PASSING`.
_REFUSALS = (
    frida.PermissionDeniedError,
    frida.NotSupportedError,
    frida.OperationCancelledError,
    frida.TimedOutError,
    *UNREACHED,
)


class SpawnUnsupported(LabError):
    """This device cannot start an app under Frida; the wait-for-debugger gate can be used."""


def spawned(endpoint: Endpoint, serial: str, package: str, timeout_s: float) -> int:
    try:
        with limited(timeout_s):
            return endpoint.device.spawn(package)
    except frida.NotSupportedError as error:
        raise SpawnUnsupported(
            "this device cannot start an app under Frida", where=serial, seen=str(error)
        ) from error
    except _REFUSALS as error:
        raise unattached(package, 0, error, endpoint) from error


def attached(endpoint: Endpoint, pid: int, process: str, deadline: Deadline) -> frida.Session:
    while True:
        try:
            with limited(max(1.0, deadline.remaining_s)):
                return endpoint.device.attach(pid)
        except _PASSING as error:
            if deadline.passed:
                raise unattached(process, pid, error, endpoint) from error
        except _REFUSALS as error:
            raise unattached(process, pid, error, endpoint) from error
        deadline.clock.sleep(_ATTACH_POLL_S)


def unattached(
    process: str, pid: int, error: Exception, endpoint: Endpoint | None = None
) -> LabError:
    seen = str(error)
    action = "run leak-harness doctor: it names the remedy (server, version, ptrace rights)"
    if endpoint is not None and isinstance(error, UNREACHED):
        seen, action = endpoint.trouble(error)
    return LabError(
        "Frida cannot attach to the process",
        where=f"{process} (pid {pid})",
        seen=seen,
        action=action,
    )
