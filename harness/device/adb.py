"""One adb server and one device behind it; the only module that uses `adbutils`.

Input: a server's port, a serial, shell commands as argv or as one shell line. Output: bytes, text,
exit codes. Refused: adbutils' `send_keys` (drops characters silently), its `install` (uninstalls on
conflict, starts the app) and its habit of starting an adb server nobody asked for. Commands always
use the shell v2 protocol, so stdout, stderr and the exit code stay apart; a device without it (API
23 and older) is an error. Every wait has a limit: `timeout_s` is how long the device may stay
silent. All failures are `LabError`s with serial and command.
"""

from __future__ import annotations

import shlex
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import adbutils
from adbutils import AdbConnection, AdbDevice, AdbError

from harness.device.facts import ShellResult
from harness.errors import LabError

HOST = "127.0.0.1"
DEFAULT_PORT = 5037
CONNECT_TIMEOUT_S = 3.0
SHELL_TIMEOUT_S = 30.0
SERVER_VERSION = 41
"""adb's protocol since 2019 (platform-tools 29), which Debian's oldest adb speaks too."""

TRANSFER_TIMEOUT_S = 120.0

_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux only; elsewhere files just take longer."""

T = TypeVar("T")

Command = str | Sequence[str]
"""One line for the device's shell, or an argv that is quoted for it."""


def binary() -> Path:
    """The adb program: `ADBUTILS_ADB_PATH`, else `PATH`, else the one that adbutils ships."""
    return Path(adbutils.adb_path())


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of `adb devices -l`. `state` is adb's word (`device`, `unauthorized`, ...)."""

    serial: str
    state: str
    model: str


class _WholeSocket(socket.socket):
    """Sends whole and at once, and acknowledges at once.

    adbutils ignores how many bytes `send` took; under a timeout that loses data. It and the adb
    server write a sync message in parts, of which Nagle's algorithm holds back the later ones until
    the earlier ones are acknowledged: 40 ms per file (tcp(7), TCP_NODELAY, TCP_QUICKACK).
    """

    def send(self, data: Any, flags: int = 0) -> int:
        self.sendall(data, flags)
        return len(data)

    def recv(self, size: int, flags: int = 0) -> bytes:
        if _QUICK_ACK is not None:
            self.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)  # the kernel forgets it again
        return super().recv(size, flags)


class _Connection(AdbConnection):
    """Connects or fails; the library's own would start an adb server on the default port."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        super().__init__(host, port)

    def close(self) -> None:
        """Without the library's pause of 10 ms per connection; the kernel sends what is left."""
        if not self.closed:
            self.conn.close()

    def _safe_connect(self) -> socket.socket:
        return self._create_socket()

    def _create_socket(self) -> socket.socket:
        connection = _WholeSocket(socket.AF_INET, socket.SOCK_STREAM)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(CONNECT_TIMEOUT_S)
        try:
            connection.connect(self._target)
        except OSError:
            connection.close()
            raise
        return connection


class _Client(adbutils.AdbClient):
    """For one call. Leaving it closes what was opened: the library leaks it when adb says FAIL."""

    def __init__(self, port: int, silence_s: float) -> None:
        super().__init__(host=HOST, port=port, socket_timeout=silence_s)
        self._silence_s = silence_s
        self._opened: list[AdbConnection] = []

    def make_connection(self, timeout: float | None = None) -> AdbConnection:
        connection = _Connection(self.host, self.port)
        connection.conn.settimeout(timeout or self._silence_s)
        self._opened.append(connection)
        return connection

    def server_version(self) -> int:
        """Asked for before each transport; the answer only tells how a device is named."""
        return SERVER_VERSION

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for connection in self._opened:
            connection.close()


@contextmanager
def _failing_as(where: str, what: str) -> Iterator[None]:
    try:
        yield
    except ConnectionRefusedError as error:
        raise LabError(
            "no adb server answers",
            where=where,
            action="`adb start-server`, or set ANDROID_ADB_SERVER_PORT to the port of yours",
        ) from error
    except (AdbError, OSError, EOFError, ValueError) as error:
        raise LabError(
            what,
            where=where,
            seen=str(error) or type(error).__name__,
            action="`leak-harness doctor`; look whether the device is still in `adb devices`",
        ) from error


class _Device(AdbDevice):
    """Asks for the features once; the library would before each command."""

    def __init__(self, client: _Client, serial: str, known: list[str]) -> None:
        self._known = known
        super().__init__(client, serial=serial)

    def get_features(self) -> str:
        if not self._known:
            self._known.append(super().get_features())
        return self._known[0]


class AdbServer:
    """A running adb server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    def answers(self) -> bool:
        """Whether an adb server listens there."""
        try:
            with _Client(self.port, CONNECT_TIMEOUT_S) as client:
                connection = client.make_connection()
                connection.send_command("host:version")
                connection.check_okay()
        except (AdbError, OSError, EOFError, ValueError):
            return False
        return True

    def devices(self) -> tuple[Listed, ...]:
        """All devices in whatever state."""
        where = f"adb server {self.port}: devices -l"
        with _failing_as(where, "cannot list devices"), self._client() as client:
            found = client.list(extended=True)
        return tuple(Listed(d.serial, d.state, d.tags.get("model", "")) for d in found)

    def connect(self, address: str, timeout_s: float = SHELL_TIMEOUT_S) -> None:
        """`adb connect HOST:PORT`; the device may still come online a moment later."""
        where = f"adb server {self.port}: connect {address}"
        with _failing_as(where, "cannot connect to the device"), self._client() as client:
            said = client.connect(address, timeout=timeout_s)
        if not said.startswith(("connected to", "already connected")):
            raise LabError("cannot connect to the device", where=where, seen=said)

    def disconnect(self, address: str) -> None:
        where = f"adb server {self.port}: disconnect {address}"
        with _failing_as(where, "cannot disconnect"), self._client() as client:
            client.disconnect(address)

    def _client(self) -> _Client:
        return _Client(self.port, SHELL_TIMEOUT_S)

    def device(self, serial: str) -> Adb:
        return Adb(self, serial)


class Adb:
    """One device by serial. Nothing is asked of it before the first call."""

    def __init__(self, server: AdbServer, serial: str) -> None:
        self.server = server
        self.serial = serial
        self._features: list[str] = []

    def _call(self, command: str, silence_s: float, act: Callable[[AdbDevice], T]) -> T:
        where = f"{self.serial}: {command[:200]}"
        client = _Client(self.server.port, silence_s)
        with _failing_as(where, "the device did not answer"), client:
            return act(_Device(client, self.serial, self._features))

    def state(self) -> str:
        """adb's word for the device's state; `absent` when the server does not know it."""
        states = {listed.serial: listed.state for listed in self.server.devices()}
        return states.get(self.serial, "absent")

    def shell_bytes(
        self, command: Command, timeout_s: float = SHELL_TIMEOUT_S
    ) -> tuple[bytes, str, int]:
        """Run it; raw stdout, text of stderr, exit code."""
        line = command if isinstance(command, str) else shlex.join(command)

        def run(device: AdbDevice) -> tuple[bytes, str, int]:
            if "shell_v2" not in device.get_features().split(","):
                raise AdbError("the device does not speak the shell v2 protocol (Android 7+)")
            done = device.shell2(line, timeout=timeout_s, encoding=None, v2=True)
            return done.stdout, done.stderr.decode("utf-8", "replace"), done.returncode

        return self._call(f"shell {line}", timeout_s, run)

    def shell(self, command: Command, timeout_s: float = SHELL_TIMEOUT_S) -> ShellResult:
        """Run it; a command that fails is a result, not an error."""
        stdout, stderr, code = self.shell_bytes(command, timeout_s)
        return ShellResult(stdout.decode("utf-8", "replace"), stderr, code)

    def push(self, source: Path | bytes, target: str, mode: int = 0o644) -> None:
        """Write a file on the device and check that all of it arrived."""
        self._call(
            f"push {target}",
            TRANSFER_TIMEOUT_S,
            lambda device: device.sync.push(source, target, mode, check=True),
        )

    def pull(self, source: str) -> bytes:
        """Content of a file on the device."""
        return self._call(
            f"pull {source}", TRANSFER_TIMEOUT_S, lambda device: device.sync.read_bytes(source)
        )

    @contextmanager
    def forwarded(self, remote: str) -> Iterator[int]:
        """A local TCP port that leads to `remote` (`jdwp:123`, `tcp:27042`, ...) meanwhile."""
        port = self._call(f"forward tcp:0 {remote}", SHELL_TIMEOUT_S, lambda d: _forward(d, remote))
        try:
            yield port
        finally:
            self._call(
                f"forward --remove tcp:{port}",
                SHELL_TIMEOUT_S,
                lambda device: device.forward_remove(f"tcp:{port}", raise_non_found=False),
            )


def _forward(device: AdbDevice, remote: str) -> int:
    """`forward:tcp:0;REMOTE`; the server picks the port and answers OKAY OKAY hex4 PORT."""
    with device.open_transport(f"forward:tcp:0;{remote}") as connection:
        connection.check_okay()
        return int(connection.read_string_block())
