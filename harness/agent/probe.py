"""Whether Frida can talk to a device, asked without touching any process.

Input: a serial and the port of its adb server. Output: how many processes it shows. Refuses
(LabError, with the remedy) a device without frida-server, or with one of another version.
"""

from __future__ import annotations

import frida

from harness.errors import LabError

from .devices import adb_device

VERSION: str = frida.__version__


def visible_processes(serial: str, adb_port: int, timeout_s: float = 10) -> int:
    """Number of processes that Frida sees there. Raises LabError."""
    device = adb_device(serial, adb_port, timeout_s)
    try:
        return len(device.enumerate_processes())
    except frida.ServerNotRunningError as error:
        raise _trouble(serial, str(error), f"start frida-server {VERSION} on the device") from error
    except (frida.ProtocolError, frida.TransportError, frida.TimedOutError) as error:
        action = f"put frida-server {VERSION} on the device; versions must be the same"
        raise _trouble(serial, str(error), action) from error


def _trouble(serial: str, seen: str, action: str) -> LabError:
    return LabError("Frida cannot talk to the device", where=serial, seen=seen, action=action)
