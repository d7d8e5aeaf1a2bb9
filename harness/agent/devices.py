"""Where the processes are: Frida's view of a device behind one adb server, or of this machine.

Input: a serial and the port of an adb server. Output: a Frida device. A device's frida-server is
reached through a forward of the adb server and a device manager that knows sockets only: Frida's
ordinary manager looks at the environment for adb's port, touches whatever adb server it finds
there, and starts a helper for iOS devices that outlives this process. Refuses (LabError) a device
that the adb server does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

import frida

from harness.errors import BugError

from .forward import forward

FRIDA_PORT = 27042
"""Where frida-server listens on a device."""


def local_device() -> frida.Device:
    """This machine's own processes."""
    return frida.get_local_device()


def adb_device(
    serial: str, adb_port: int, timeout_s: float, device_port: int = FRIDA_PORT
) -> frida.Device:
    """The device `serial` of the adb server on `adb_port`. Raises LabError."""
    return _remote(forward(adb_port, serial, device_port, max(1.0, timeout_s)))


@cache
def _remote(local_port: int) -> frida.Device:
    return _sockets_only().add_remote_device(f"127.0.0.1:{local_port}")


@cache
def _sockets_only() -> frida.DeviceManager:
    """A manager without any backend but sockets.

    Frida has the constructor, its Python wrapper does not show it yet (17.26.2, pinned exactly).
    """
    try:
        make = frida._frida.DeviceManager.with_socket_backend_only
        wrap = cast("Callable[[object], frida.DeviceManager]", frida._wrap)
    except AttributeError as error:
        raise BugError(
            "this version of Frida cannot be used",
            seen=f"frida {frida.__version__}: {error}",
            expected="frida 17.26.2",
            action="install the pinned version",
        ) from error
    return wrap(make())
