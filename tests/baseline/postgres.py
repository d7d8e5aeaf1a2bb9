"""A real PostgreSQL for tests: found on this machine, or taken out of Debian's packages.

`server()` starts one as a process of its own on a Unix socket (nothing listens on the network) and
ends it again. As root it runs as nobody, since PostgreSQL refuses to be root. `NoPostgres` says why
there is none.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from harness.virtual.toolchain.cache import cache_folder

NOBODY = 65534
TIMEOUT_S = 120


class NoPostgres(Exception):
    """There is no PostgreSQL to be had here."""


@dataclass
class Server:
    """A running server; `fresh_url` makes an empty database."""

    programs: Path
    socket: Path
    environment: dict[str, str]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fresh_url(self) -> str:
        name = f"t{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://leak@/{name}?host={self.socket}"

    def sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(
            host=str(self.socket), user="leak", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


def programs() -> tuple[Path, dict[str, str]]:
    """The folder with initdb and postgres, and the environment they need."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (found / "initdb").is_file():
            return found, {}
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").is_file():
        return Path(on_path).resolve().parent, {}
    return _from_debian(cache_folder("postgresql"))


def _from_debian(folder: Path) -> tuple[Path, dict[str, str]]:
    """Debian's packages, unpacked without root."""
    if not all(map(shutil.which, ("apt-get", "apt-cache", "dpkg"))):
        raise NoPostgres("no PostgreSQL is installed, and this is no Debian to take one from")
    root = folder / "root"
    if not list(root.glob("usr/lib/postgresql/*/bin/initdb")):
        depends = _run(["apt-cache", "depends", "postgresql"])
        names = [word for word in depends.split() if word.startswith("postgresql-")]
        if not names:
            raise NoPostgres("Debian's package lists are not here; run apt-get update")
        folder.mkdir(parents=True, exist_ok=True)
        packages = [names[0], names[0].replace("postgresql-", "postgresql-client-"), "libpq5"]
        _run(["apt-get", "download", *packages], cwd=folder)
        for package in sorted(folder.glob("*.deb")):
            _run(["dpkg", "-x", str(package), str(root)])
    (found,) = sorted(root.glob("usr/lib/postgresql/*/bin"))[-1:]
    libraries = os.pathsep.join(str(path) for path in root.glob("usr/lib/*-linux-gnu"))
    return found, {"LD_LIBRARY_PATH": libraries}


def _run(
    command: list[str], cwd: Path | None = None, environment: dict[str, str] | None = None
) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise NoPostgres(f"{command[0]}: {(error.stderr or error.stdout).strip()[-300:]}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoPostgres(f"{command[0]}: {error}") from None
    return done.stdout


def _prefix() -> list[str]:
    """The server ends with whoever started it, even by a kill; root gives its rights up."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0:
        if setpriv is None:
            raise NoPostgres("this is root, which PostgreSQL refuses to be, and has no setpriv")
        who = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return [setpriv, *who, "--pdeathsig", "QUIT"]
    return [setpriv, "--pdeathsig", "QUIT"] if setpriv is not None else []


@contextmanager
def server() -> Iterator[Server]:
    """A server for the time of a block.

    Raises:
        NoPostgres: none can be had, and why.
    """
    found, extra = programs()
    prefix = _prefix()
    folder = Path(tempfile.mkdtemp(prefix="leak-pg-"))
    environment = {**os.environ, **extra, "LC_ALL": "C"}
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    data, log = folder / "data", folder / "log"
    make = [str(found / "initdb"), "-D", str(data), "-U", "leak", "-A", "trust", "-E", "UTF8", "-N"]
    serve = [str(found / "postgres"), "-D", str(data), "-k", str(folder)]
    serve += ["-c", "listen_addresses=", "-c", "fsync=off"]
    try:
        _run([*prefix, *make], cwd=Path("/"), environment=environment)
        with log.open("wb") as said:
            process = subprocess.Popen(
                [*prefix, *serve],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        try:
            made = Server(found, folder, environment)
            _await(made, process, log)
            yield made
        finally:
            process.send_signal(signal.SIGQUIT)  # at once, nothing is to be kept
            process.wait(TIMEOUT_S)
    finally:
        shutil.rmtree(folder)


def _await(made: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + TIMEOUT_S
    while True:
        try:
            return made.sql("SELECT 1")
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text("utf-8", "replace")[-300:]
                raise NoPostgres(f"postgres does not serve: {said or error}") from None
        time.sleep(0.05)
