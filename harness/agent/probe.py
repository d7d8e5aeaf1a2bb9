"""Whether frida-server (or its like) answers on a device, asked without touching any process.

Input: a serial and the port of its adb server. Output: what answered, in words. Refuses (LabError,
with the remedy) a device without a server or with one of another version. Servers and portals are
told apart by the system parameters: a portal has none, so that refusal proves it, and a server has
`access` `full`; `jailed` is a Frida gadget, which reaches nothing but the app it is built into.
"""

from __future__ import annotations

import frida

from harness.errors import LabError

from .devices import UNREACHED, Endpoint, limited, open_endpoint

VERSION: str = frida.__version__


def answering(serial: str, adb_port: int, timeout_s: float = 10) -> str:
    """`frida-server`, or `a Frida portal`. Raises LabError."""
    endpoint = open_endpoint(serial, adb_port, timeout_s)
    try:
        return _asked(endpoint, serial, timeout_s)
    finally:
        endpoint.close()


def _asked(endpoint: Endpoint, serial: str, timeout_s: float) -> str:
    try:
        with limited(timeout_s):
            access = endpoint.device.query_system_parameters().get("access", "")
    except frida.NotSupportedError:
        return "a Frida portal"
    except (frida.OperationCancelledError, frida.TimedOutError) as error:
        seen = f"no answer within {timeout_s:g} s"
        raise _trouble(serial, seen, f"start {_SERVER} anew, as root") from error
    except UNREACHED as error:
        raise _trouble(serial, *endpoint.trouble(error)) from error
    if access != "full":
        seen = f"what answers is no frida-server: access {access!r}"
        raise _trouble(serial, seen, f"start {_SERVER} on the device, as root")
    return "frida-server"


_SERVER = f"frida-server {VERSION}"


def _trouble(serial: str, seen: str, action: str) -> LabError:
    return LabError("Frida cannot work on the device", where=serial, seen=seen, action=action)
