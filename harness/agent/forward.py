"""A TCP port of this machine that leads to one of a device, kept by the adb server.

Input: the port of an adb server, a serial, a port of the device. Output: a port of this machine.
Speaks the adb server's host protocol (`host-serial:SERIAL:forward:...`; AOSP packages/modules/adb,
SERVICES.TXT): four hex digits and the request; `OKAY` or `FAIL`, four hex digits, a text. A forward
ends with the device's connection, with `remove`, and when this process ends in an orderly way.
Refuses (LabError) a server that does not answer and a serial that it does not know.
"""

from __future__ import annotations

import atexit
import socket

from harness.errors import LabError

_Key = tuple[int, str, int]
_made: dict[_Key, int] = {}


def forward(adb_port: int, serial: str, device_port: int, timeout_s: float) -> int:
    """The local port; made when there is none that the adb server still keeps."""
    key = (adb_port, serial, device_port)
    if key in _made and _made[key] in _kept(adb_port, serial, timeout_s):
        return _made[key]
    request = f"host-serial:{serial}:forward:tcp:0;tcp:{device_port}"
    with _asked(adb_port, serial, request, timeout_s) as link:
        _status(link, adb_port, serial)  # the second: the forward is in force
        _made[key] = int(_text(link))
    return _made[key]


def remove(key: _Key) -> None:
    """Give a forward back; never raises, for its server or device may be gone already."""
    local_port = _made.pop(key, None)
    if local_port is None:
        return
    adb_port, serial, _ = key
    try:
        _asked(adb_port, serial, f"host-serial:{serial}:killforward:tcp:{local_port}", 1).close()
    except LabError:
        return  # no server, no forward


@atexit.register
def _remove_all() -> None:
    for key in list(_made):
        remove(key)


def _kept(adb_port: int, serial: str, timeout_s: float) -> set[int]:
    """Local ports that the server forwards for this device now."""
    request = f"host-serial:{serial}:list-forward"
    with _asked(adb_port, serial, request, timeout_s) as link:
        rows = [line.split() for line in _text(link).splitlines()]
    return {int(row[1].removeprefix("tcp:")) for row in rows if row[0] == serial}


def _asked(adb_port: int, serial: str, request: str, timeout_s: float) -> socket.socket:
    """A connection on which the server has said OKAY to `request`."""
    try:
        link = socket.create_connection(("127.0.0.1", adb_port), timeout=timeout_s)
    except OSError as error:
        raise _unseen(adb_port, serial, str(error)) from error
    try:
        link.sendall(f"{len(request):04x}{request}".encode())
        _status(link, adb_port, serial)
    except BaseException:
        link.close()
        raise
    return link


def _status(link: socket.socket, adb_port: int, serial: str) -> None:
    try:
        status = _exactly(link, 4)
        if status != b"OKAY":
            why = _text(link) if status == b"FAIL" else repr(status)
            raise _unseen(adb_port, serial, why or "the adb server does not know this serial")
    except OSError as error:
        raise _unseen(adb_port, serial, str(error)) from error


def _text(link: socket.socket) -> str:
    return _exactly(link, int(_exactly(link, 4), 16)).decode("utf-8", "replace")


def _exactly(link: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = link.recv(count - len(data))
        if not more:
            raise ConnectionError("the adb server hung up")
        data += more
    return data


def _unseen(adb_port: int, serial: str, seen: str) -> LabError:
    return LabError(
        "Frida does not see the device",
        where=f"{serial}, adb server on port {adb_port}",
        seen=seen,
        action="check `adb devices` against that server; run leak-harness doctor",
    )
