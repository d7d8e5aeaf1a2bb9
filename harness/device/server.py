"""Which adb server to talk to: the user's own, or a private one that ends with this process.

Input: environment variables, a home directory. Output: a running server with its port. A private
server is a foreground child (`adb server nodaemon`) that the kernel ends with the thread that
started it (prctl(2) `PR_SET_PDEATHSIG`), so that none stays behind, whatever ends us; start it
from the main thread. For a virtual device it looks for neither USB devices, emulators nor mDNS and
keeps its key in a home of its own. Never touched: a server that this module did not start.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from harness.clock import Clock, SystemClock, wait_until
from harness.device.adb import DEFAULT_PORT, AdbServer, binary
from harness.errors import LabError

START_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 3.0
START_ATTEMPTS = 3

_BLIND = {
    "ADB_USB": "0",
    "ADB_MDNS": "0",
    "ADB_MDNS_AUTO_CONNECT": "",
    "ADB_LOCAL_TRANSPORT_MAX_PORT": "5553",
}
"""Environment of a server that knows only what it is told by `adb connect`."""

_LAUNCHER = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""A Python one-liner rather than `preexec_fn`, which may deadlock in a process with threads."""


def user_port(environment: Mapping[str, str] = os.environ) -> int:
    """Port of the user's own server: `ANDROID_ADB_SERVER_PORT`, else 5037.

    Raises:
        LabError: the variable is not a port.
    """
    text = environment.get("ANDROID_ADB_SERVER_PORT", "")
    if not text:
        return DEFAULT_PORT
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LabError(
            "ANDROID_ADB_SERVER_PORT is not a port",
            seen=repr(text),
            expected="a number from 1 to 65535",
        )
    return int(text)


def runtime_dir() -> Path:
    """This user's folder for the private server's key and for leases (0700, kept for later runs).

    Raises:
        LabError: it cannot be made, or somebody else made it.
    """
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    path = base / f"leak-harness-{os.getuid()}" / "adb"
    try:
        for folder in (path.parent, path):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        owners = {path.stat().st_uid, path.parent.stat().st_uid}
    except OSError as error:
        raise LabError(
            "no place for the private adb server's key",
            where=str(path),
            seen=str(error),
            action="set XDG_RUNTIME_DIR to a folder of yours",
        ) from error
    if owners != {os.getuid()}:
        raise LabError("the runtime folder belongs to somebody else", where=str(path.parent))
    return path


class PrivateServer:
    """A private adb server; `close` ends it and never raises."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, home: Path | None) -> None:
        self._process = process
        self._home = home
        self.adb = AdbServer(port)

    @property
    def port(self) -> int:
        return self.adb.port

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._home is not None:
            (self._home / ".android" / f"adb.{self.port}").unlink(missing_ok=True)


def start_blind(clock: Clock | None = None) -> PrivateServer:
    """A private server that sees only devices it is told of.

    Raises:
        LabError: there is no adb program, or it did not come up.
    """
    home = runtime_dir()
    environment = {**os.environ, **_BLIND, "HOME": str(home)}
    with _alone(home / "lock"):
        return _start(environment, home, clock or SystemClock())


def start_for_phones(clock: Clock | None = None) -> PrivateServer:
    """A private server with the user's own key that looks for phones and emulators.

    For when the user's own server does not run: only one server can own a USB device.
    """
    return _start(dict(os.environ), None, clock or SystemClock())


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two servers that make the key in one home at a time would spoil it."""
    with lock.open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _start(environment: dict[str, str], home: Path | None, clock: Clock) -> PrivateServer:
    for name in ("ANDROID_ADB_SERVER_PORT", "ADB_SERVER_SOCKET", "ANDROID_SERIAL"):
        environment.pop(name, None)
    said = ""
    for _ in range(START_ATTEMPTS):
        server, said = _attempt(_free_port(), environment, home, clock)
        if server is not None:
            return server
    raise LabError(
        "the private adb server did not come up",
        where=f"{binary()} -P PORT server nodaemon",
        seen=said or "no output",
        action="run that command by hand; set ADBUTILS_ADB_PATH to a working adb",
    )


def _attempt(
    port: int, environment: dict[str, str], home: Path | None, clock: Clock
) -> tuple[PrivateServer | None, str]:
    """One start; on failure what the program said."""
    with tempfile.TemporaryFile() as log:
        process = _spawn(port, environment, log.fileno())
        server = PrivateServer(process, port, home)

        def settled() -> bool:
            return process.poll() is not None or server.adb.answers()

        if wait_until(clock, settled, START_TIMEOUT_S) and process.poll() is None:
            return server, ""
        server.close()
        log.seek(0)
        return None, log.read().decode("utf-8", "replace").strip()[-400:]


def _spawn(port: int, environment: dict[str, str], log: int) -> subprocess.Popen[bytes]:
    adb = ["-P", str(port), "server", "nodaemon"]
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid())]
    return subprocess.Popen(
        [*launcher, str(binary()), *adb],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=environment,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
