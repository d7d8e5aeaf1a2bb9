"""Where the processes are: Frida's view of a device behind one adb server, or of this machine.

Input: a serial and the port of an adb server. Output: a Frida device. Frida reads the adb server's
port from the environment, so each port gets a device manager of its own, made with that port set.
Refuses (LabError) a device that Frida cannot see.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import cast

import frida

from harness.errors import LabError

_PORT_VARIABLE = "ANDROID_ADB_SERVER_PORT"
# A port on which no adb server can be: Frida must not touch the user's own when only this machine's
# processes are wanted.
_NO_ADB_SERVER = 1
_environment = Lock()


def local_device() -> frida.Device:
    """This machine's own processes."""
    return _device(_NO_ADB_SERVER, "local", 5)


def adb_device(serial: str, adb_port: int, timeout_s: float) -> frida.Device:
    """The device `serial` of the adb server on `adb_port`. Raises LabError."""
    return _device(adb_port, serial, timeout_s)


def _device(adb_port: int, device_id: str, timeout_s: float) -> frida.Device:
    with _adb_server(adb_port):
        try:
            return _manager(adb_port).get_device_by_id(device_id, int(timeout_s * 1000))
        except (frida.InvalidArgumentError, frida.TimedOutError, frida.TransportError) as error:
            raise LabError(
                "Frida does not see the device",
                where=f"{device_id}, adb server on port {adb_port}",
                seen=str(error),
                action="check `adb devices` against that server; run leak-harness doctor",
            ) from error


@contextmanager
def _adb_server(port: int) -> Iterator[None]:
    """Frida looks at the environment whenever it talks to the adb server."""
    with _environment:
        before = os.environ.get(_PORT_VARIABLE)
        os.environ[_PORT_VARIABLE] = str(port)
        try:
            yield
        finally:
            if before is None:
                del os.environ[_PORT_VARIABLE]
            else:
                os.environ[_PORT_VARIABLE] = before


@cache
def _manager(adb_port: int) -> frida.DeviceManager:
    # The constructor has no type annotations.
    return cast("Callable[[], frida.DeviceManager]", frida.DeviceManager)()
