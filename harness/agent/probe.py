"""Whether frida-server (or its like) answers on a device, asked without touching any process.

Input: a serial and the port of its adb server. Output: what answered, in words. Refuses (LabError,
with the remedy) a device without a server or with one of another version. Listing processes would
prove nothing: without a server Frida quietly lists them through adb. The system parameters tell
the two apart by `access` (`full` or `jailed`); a portal has none, so that refusal proves it.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Timer
from typing import cast

import frida

from harness.errors import LabError

from .devices import adb_device

VERSION: str = frida.__version__

# The constructor has no type annotations.
_new_cancellable = cast("Callable[[], frida.Cancellable]", frida.Cancellable)


def answering(serial: str, adb_port: int, timeout_s: float = 10) -> str:
    """`frida-server`, or `a Frida portal`. Raises LabError."""
    device = adb_device(serial, adb_port, timeout_s)
    cancellable = _new_cancellable()
    limit = Timer(timeout_s, cancellable.cancel)
    limit.start()
    try:
        with cancellable:
            access = device.query_system_parameters().get("access", "")
    except frida.NotSupportedError:
        return "a Frida portal"
    except frida.OperationCancelledError as error:
        raise _trouble(serial, f"no answer within {timeout_s:g} s", _START) from error
    except frida.ServerNotRunningError as error:
        raise _trouble(serial, str(error), _START) from error
    except (frida.ProtocolError, frida.TransportError, frida.TimedOutError) as error:
        action = f"put frida-server {VERSION} on the device; versions must be the same"
        raise _trouble(serial, str(error), action) from error
    finally:
        limit.cancel()
    if access != "full":
        raise _trouble(serial, f"no server; access by adb alone is {access!r}", _START)
    return "frida-server"


_START = f"start frida-server {VERSION} on the device, as root"


def _trouble(serial: str, seen: str, action: str) -> LabError:
    return LabError("Frida cannot work on the device", where=serial, seen=seen, action=action)
