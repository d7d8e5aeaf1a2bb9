"""A TCP port of this machine that leads to one of a device, kept by the adb server.

Input: the port of an adb server, a serial, a port of the device. Output: a `Forward` with a port of
this machine, until it is closed or this process ends in an orderly way. Speaks the adb server's
host protocol (`host-serial:SERIAL:forward:...`; AOSP packages/modules/adb, SERVICES.TXT): four hex
digits and the request; `OKAY` or `FAIL`, four hex digits, a text. Refuses (LabError) a server that
does not answer as that text says, and a serial that it does not know.
"""

from __future__ import annotations

import atexit
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from harness.errors import LabError

_REMOVE_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Forward:
    """`port` of this machine leads to the device; whoever made it closes it."""

    adb_port: int
    serial: str
    port: int

    def close(self) -> None:
        """Give it back, once; never raises, for its server or device may be gone already."""
        if self not in _open:
            return
        _open.discard(self)
        try:
            request = f"host-serial:{self.serial}:killforward:tcp:{self.port}"
            with _asked(self.adb_port, self.serial, request, _REMOVE_TIMEOUT_S) as link:
                _status(link)  # the second: it is gone
        except LabError:
            return  # no server or no device, hence no forward


_open: set[Forward] = set()


def forward(adb_port: int, serial: str, device_port: int, timeout_s: float) -> Forward:
    """A new forward to `device_port`. Raises LabError."""
    request = f"host-serial:{serial}:forward:tcp:0;tcp:{device_port}"
    with _asked(adb_port, serial, request, timeout_s) as link:
        _status(link)  # the second: the forward is in force
        made = Forward(adb_port, serial, int(_text(link)))
    _open.add(made)
    return made


@atexit.register
def _close_all() -> None:
    for each in list(_open):
        each.close()


@contextmanager
def _asked(adb_port: int, serial: str, request: str, timeout_s: float) -> Iterator[socket.socket]:
    """A connection on which the server has said OKAY to `request`; its faults are LabErrors."""
    try:
        with socket.create_connection(("127.0.0.1", adb_port), timeout=timeout_s) as link:
            link.sendall(f"{len(request.encode()):04x}{request}".encode())
            _status(link)
            yield link
    except (OSError, ValueError) as error:
        raise LabError(
            "Frida does not see the device",
            where=f"{serial}, adb server on port {adb_port}",
            seen=str(error),
            action="check `adb devices` against that server; run leak-harness doctor",
        ) from error


def _status(link: socket.socket) -> None:
    status = _exactly(link, 4)
    if status == b"FAIL":
        raise ConnectionError(_text(link) or "the adb server does not know this serial")
    if status != b"OKAY":
        raise ConnectionError(f"not an adb server's answer: {status!r}")


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
