"""One booted device for all clients, and the clients that `requirements/zoo.py` has fetched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.clock import SystemClock, wait_until
from harness.device.adb import AdbServer
from harness.device.server import PrivateServer
from harness.virtual.daemon import VirtualDevice, start_device, stop_device
from tests.virtual.conftest import Adb

ZOO = Path(__file__).parents[3] / ".venv" / "zoo"
PACKAGE = "org.example.clinic"
ACTIVITY = f"{PACKAGE}/.SearchActivity"
MISSING = "is not installed; `make check` fetches it (requirements/zoo.py)"
LIMIT_S = 120.0

Said = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def zoo_device(clinic_apk: Path) -> Iterator[VirtualDevice]:
    device = start_device(apks=[clinic_apk], owner_pid=os.getpid())
    yield device
    stop_device(device.serial)


@dataclass(frozen=True, slots=True)
class Program:
    """A client's program with the environment it needs."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]

    def __call__(self, *words: object, data: str = "", timeout_s: float = LIMIT_S) -> Said:
        return subprocess.run(
            [*self.argv, *map(str, words)],
            input=data,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env={**os.environ, **self.environment},
            check=False,
        )

    def start(self, *words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.argv, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self.environment},
        )


@pytest.fixture(scope="session")
def adb36(adb_server: PrivateServer, zoo_device: VirtualDevice) -> Program:
    """adbutils' own adb."""
    adb = Adb(adb_server.port, zoo_device.serial)
    return _connected(Program(tuple(adb.argv[:-2]), {"HOME": "/nonexistent"}), zoo_device)


@pytest.fixture(scope="session")
def adb29(zoo_device: VirtualDevice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Debian's adb with a server of its own."""
    program, variables = _debian_adb()
    home = tmp_path_factory.mktemp("adb29")
    environment = {**variables, "HOME": str(home), "ADB_LOCAL_TRANSPORT_MAX_PORT": "5553"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [program, "-P", str(port), "server", "nodaemon"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    assert wait_until(SystemClock(), AdbServer(port).answers, 20)
    yield _connected(Program((program, "-P", str(port)), environment), zoo_device)
    server.send_signal(signal.SIGTERM)
    server.wait(10)


def _debian_adb() -> tuple[str, dict[str, str]]:
    unpacked = ZOO / "debian" / "usr" / "lib"
    program = unpacked / "android-sdk" / "platform-tools" / "adb"
    if program.is_file():
        folders = [*unpacked.glob("*-linux-gnu*/android"), *unpacked.glob("*-linux-gnu*")]
        return str(program), {"LD_LIBRARY_PATH": os.pathsep.join(map(str, folders))}
    installed = shutil.which("adb")
    version = (
        subprocess.run([installed, "version"], capture_output=True, text=True, check=False).stdout
        if installed
        else ""
    )
    if installed is None or "debian" not in version:
        pytest.skip(f"Debian's adb {MISSING}")
    return installed, {}


def _connected(adb: Program, device: VirtualDevice) -> Program:
    assert "connected to" in adb("connect", device.serial).stdout
    bound = Program((*adb.argv, "-s", device.serial), adb.environment)
    assert bound("wait-for-device").returncode == 0
    return bound


@pytest.fixture(params=[pytest.param("adb29", marks=pytest.mark.slow), "adb36"])
def adb_client(request: pytest.FixtureRequest) -> Program:
    """Each of the two adb versions."""
    found: Program = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def zoo_program(adb36: Program, adb_server: PrivateServer) -> Callable[..., Program]:
    """Programs of the zoo's own environment, which find our adb server."""
    environment = {"ANDROID_ADB_SERVER_PORT": str(adb_server.port), "PYTHONWARNINGS": "ignore"}

    def program(name: str, *words: str) -> Program:
        path = ZOO / "bin" / name
        if not path.is_file():
            pytest.skip(f"{name} {MISSING}")
        return Program((str(path), *words), environment)

    return program


@pytest.fixture
def zoo_python(
    zoo_program: Callable[..., Program], zoo_device: VirtualDevice, tmp_path: Path
) -> Callable[[str], str]:
    """Runs Python lines with the zoo's packages; `PORT`, `SERVER` and `SERIAL` are given."""
    python = zoo_program("python")

    def run(lines: str) -> str:
        script = tmp_path / "client.py"
        given = (
            f"PORT, SERIAL = {zoo_device.port}, {zoo_device.serial!r}\n"
            f"SERVER = {int(python.environment['ANDROID_ADB_SERVER_PORT'])}\n"
            f"FOLDER = {str(tmp_path)!r}\n"
        )
        script.write_text(given + lines)
        done = python(script)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def clinic_pid(adb36: Program) -> int:
    """The app in front; its process."""
    done = adb36("shell", f"am start -W -n {ACTIVITY} && pidof {PACKAGE}")
    assert "Status: ok" in done.stdout, done
    return int(done.stdout.split()[-1])
