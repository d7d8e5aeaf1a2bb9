"""Opens the database of a run store: a SQLite file, or PostgreSQL by URL.

Input: a path, or a URL (`sqlite:///...`, `postgresql+psycopg://...`). Output: a `Database` whose
schema is the newest, and errors with a next action instead of tracebacks. Several processes may
open a new one at once. A SQLite file is in WAL mode and readable by its owner only.
Refuses files that are no run store, damaged ones, and schemas of newer versions; nothing is
written to those.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from harness.baseline.migrating import bring_up, revision_of
from harness.baseline.schema import REVISIONS
from harness.errors import LabError, ScenarioError

APPLICATION_ID = 0x4C454B48
"""SQLite's `application_id`, by which a file is known as a run store."""

BUSY_TIMEOUT_MS = 60_000
LOCK_KEY = 0x6C65616B
"""PostgreSQL's advisory lock: shared by writers, alone for those who change or delete."""

POSTGRES = "postgresql+psycopg"
EXPECTED = f"a file, sqlite:///FILE or {POSTGRES}://USER@HOST/NAME"

_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-65536",
)

_CAUSES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("file is not a database", "malformed", "file is encrypted"),
        "the run store is damaged, or is no run store",
        "move the file away and run again; `sqlite3 FILE .recover` saves what can be read",
    ),
    (
        ("disk is full", "disk i/o error", "no space left"),
        "the run store cannot be written: the disk is full or failing",
        "make room, `leak-harness runs prune`, or name another store (--leak-store, --store)",
    ),
    (
        ("database is locked",),
        "another process has held the run store for a minute",
        "end that process, or name another store (--leak-store, --store)",
    ),
    (
        ("readonly", "read-only", "unable to open"),
        "the run store cannot be opened or written",
        "check who owns the file and its folder, or name another store (--leak-store, --store)",
    ),
    (
        ("connection is bad", "connection failed", "connection refused", "server closed"),
        "the database server cannot be reached",
        "check the URL (--leak-store, --store) and that the server runs",
    ),
)


@dataclass(frozen=True, slots=True)
class Database:
    """An open store; `name` is what people may see of it (no password)."""

    engine: Engine
    name: str

    @property
    def sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state throughout."""
        with self.told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """A transaction that writes all or nothing; `alone`: no other writer meanwhile."""
        with self.told():
            engine = self.engine.execution_options(leak_writes=True)
            with engine.begin() as connection:
                if not self.sqlite:
                    kind = "" if alone else "_shared"
                    connection.execute(text(f"SELECT pg_advisory_xact_lock{kind}({LOCK_KEY})"))
                yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turns what the database says into an error of ours."""
        try:
            yield
        except SQLAlchemyError as error:
            raise _translated(error, self.name) from error

    def shrink(self) -> None:
        """Give the room of what was deleted back to the disk; PostgreSQL does so by itself."""
        if self.sqlite:
            bare = self.engine.execution_options(leak_bare=True)
            with self.told(), bare.connect() as connection:
                connection.exec_driver_sql("VACUUM")

    def close(self) -> None:
        self.engine.dispose()


def open_database(location: str, *, create: bool = True) -> Database:
    """The store at `location`, brought to the newest schema.

    Args:
        create: make it where there is none.

    Raises:
        ScenarioError: the location is none, or there is no store and none is to be made.
        LabError: it cannot be opened, is no run store, or is a newer version's.
    """
    url = _url(location)
    path = Path(url.database) if url.drivername.startswith("sqlite") and url.database else None
    if path is not None:
        _check_file(path, create)
    database = Database(_engine(url), str(path or url.render_as_string(hide_password=True)))
    try:
        with database.reading() as connection:
            newest = revision_of(connection) == REVISIONS[-1]
        if not newest:
            with database.writing(alone=True) as connection:
                bring_up(connection, database.name)
    except BaseException:
        database.close()
        raise
    return database


def _url(location: str) -> URL:
    if "://" not in location:
        return URL.create("sqlite", database=location)
    try:
        url = make_url(location)
    except (ArgumentError, ValueError) as error:
        raise ScenarioError(
            "the run store's URL cannot be read", seen=str(error), expected=EXPECTED
        ) from error
    if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, ":memory:"):
        return url
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername=POSTGRES)
    if url.drivername != POSTGRES:
        raise ScenarioError(
            "no such kind of run store",
            seen=url.render_as_string(hide_password=True),
            expected=EXPECTED,
        )
    return url


def _engine(url: URL) -> Engine:
    if url.drivername == POSTGRES:
        try:
            return create_engine(url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise ScenarioError(
                "PostgreSQL needs the package psycopg",
                seen=str(error),
                action="pip install 'leak-harness[postgres]'",
            ) from error
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def connected(raw: Any, record: object) -> None:
        raw.isolation_level = None  # transactions begin where we say, not where sqlite3 guesses
        for pragma in _PRAGMAS:
            raw.execute(pragma)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("leak_bare"):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("leak_writes") else "BEGIN")

    return engine


def _check_file(path: Path, create: bool) -> None:
    """Whether the file is a run store or can become one; a new one is in WAL mode from the start.

    SQLite's own header says whose a file is (sqlite.org/fileformat.html, offset 68), so a file of
    others is refused before SQLite opens, and perhaps recovers, it.
    """
    try:
        if path.is_dir():
            raise ScenarioError("the run store is a folder", where=str(path), expected=EXPECTED)
        head = _head(path)
        if not head:
            if not create:
                raise ScenarioError(
                    "there is no run store",
                    where=str(path),
                    action="run scenarios first, or name the store: --store",
                )
            _make(path)
            head = _head(path)  # perhaps another's, who was quicker
        _check_head(head, path)
    except OSError as error:
        raise LabError(
            "the run store cannot be opened",
            where=str(path),
            seen=error.strerror or str(error),
            action="name another store (--leak-store, --store)",
        ) from error


def _head(path: Path) -> bytes:
    """SQLite's header; nothing of a file that is empty or not there."""
    try:
        with path.open("rb") as file:
            return file.read(100)
    except FileNotFoundError:
        return b""


def _check_head(head: bytes, path: Path) -> None:
    ours = APPLICATION_ID.to_bytes(4, "big")
    if not head.startswith(b"SQLite format 3\0") or head[68:72] != ours:
        raise LabError(
            "the run store is damaged, or is no run store",
            where=str(path),
            seen="another SQLite database" if head.startswith(b"SQLite") else "no SQLite file",
            action="move the file away, or name another store (--leak-store, --store)",
        )


def _make(path: Path) -> None:
    """An empty store, put in place whole, so that two processes may make it at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        raw = sqlite3.connect(part, isolation_level=None)
        try:
            raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
            raw.execute("PRAGMA journal_mode=WAL")
        finally:
            raw.close()
        _place(part, path)
    except sqlite3.Error as error:
        raise LabError(
            "the run store cannot be written", where=str(path), seen=str(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _place(part: Path, path: Path) -> None:
    """Give the file its name unless another process was quicker: its file may hold runs."""
    try:
        os.link(part, path)
        return
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        path.touch(0o600)
    # Only an empty file gives way, be it prepared by somebody or made one line above. The lock is
    # on the file itself: who waited for it finds that the name leads to another file.
    with path.open("rb") as empty:
        fcntl.flock(empty, fcntl.LOCK_EX)
        held, named = os.fstat(empty.fileno()), path.stat()
        if held.st_ino == named.st_ino and named.st_size == 0:
            os.replace(part, path)


def _translated(error: SQLAlchemyError, name: str) -> LabError:
    seen = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    said = seen.lower()
    for signs, what, action in _CAUSES:
        if any(sign in said for sign in signs):
            return LabError(what, where=name, seen=" ".join(seen.split()), action=action)
    return LabError(
        "the run store's database refused",
        where=name,
        seen=" ".join(seen.split())[:400],
        action="try `leak-harness runs list`, or name another store (--leak-store, --store)",
    )
