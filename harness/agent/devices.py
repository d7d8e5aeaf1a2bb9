"""Frida's way to a device: its frida-server (or portal) behind a forward of the adb server.

Input: a serial and the port of an adb server. Output: an `Endpoint`, held until it is closed. The
device manager knows sockets only: Frida's ordinary one looks at the environment for adb's port,
touches whatever adb server it finds there, and starts a helper for iOS devices that outlives this
process. Refuses (LabError) a device that the adb server does not know; whether a Frida answers
there shows when it is asked, and `Endpoint.trouble` then tells what its error means.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from threading import Timer
from typing import cast

import frida

from harness.errors import BugError

from .forward import forward

FRIDA_PORT = 27042
"""Where frida-server listens on a device."""

UNREACHED = (frida.ServerNotRunningError, frida.TransportError, frida.ProtocolError)
"""Errors for which `Endpoint.trouble` knows what to do."""

_PINNED = "17.26.2"
_HANG_UP_S = 2.0

# The constructor has no type annotations.
_new_cancellable = cast("Callable[[], frida.Cancellable]", frida.Cancellable)


class Endpoint:
    """A Frida on `port` of this machine; `release` gives back what leads there."""

    def __init__(self, port: int, release: Callable[[], None] = lambda: None) -> None:
        self._port = port
        self._release = release
        self.device = _sockets_only().add_remote_device(self._address)

    @property
    def _address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def close(self) -> None:
        """Never raises."""
        with suppress(frida.InvalidArgumentError, *UNREACHED):  # it was removed before
            _sockets_only().remove_remote_device(self._address)
        self._release()

    def trouble(self, error: Exception) -> tuple[str, str]:
        """What was seen and what to do, for an error of `UNREACHED`."""
        if not isinstance(error, frida.ProtocolError) and not self._listens():
            seen = f"no Frida listens on the device ({error})"
            return seen, f"start frida-server {frida.__version__} on the device, as root"
        version = frida.__version__
        return str(error), f"put frida-server {version} on the device; versions must be the same"

    def _listens(self) -> bool:
        """adb takes every connection, and ends at once those that nobody on the device takes."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), _HANG_UP_S) as link:
                return link.recv(1) != b""
        except TimeoutError:
            return True  # a Frida waits for our first word
        except OSError:
            return False


def open_endpoint(
    serial: str, adb_port: int, timeout_s: float, *, device_port: int = FRIDA_PORT
) -> Endpoint:
    """The Frida of device `serial` of the adb server on `adb_port`. Raises LabError."""
    made = forward(adb_port, serial, device_port, max(1.0, timeout_s))
    try:
        return Endpoint(made.port, made.close)
    except BaseException:
        made.close()
        raise


@contextmanager
def limited(timeout_s: float) -> Iterator[None]:
    """Calls into Frida inside end in time, if need be with `frida.OperationCancelledError`."""
    cancellable = _new_cancellable()
    limit = Timer(timeout_s, cancellable.cancel)
    limit.daemon = True
    limit.start()
    try:
        with cancellable:
            yield
    finally:
        limit.cancel()


@cache
def _sockets_only() -> frida.DeviceManager:
    """The manager without any backend but sockets; one serves the process.

    Frida has the constructor, its Python wrapper does not show it (17.26.2, pinned exactly).
    """
    try:
        make = frida._frida.DeviceManager.with_socket_backend_only
        wrap = cast("Callable[[object], frida.DeviceManager]", frida._wrap)
    except AttributeError as error:
        raise BugError(
            "this version of Frida cannot be used",
            seen=f"frida {frida.__version__}: {error}",
            expected=f"frida {_PINNED}",
            action="install the pinned version",
        ) from error
    return wrap(make())
