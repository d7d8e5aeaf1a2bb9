"""Live rows of databases. SQLite itself wrote them: what it keeps is what must be told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.traffic import databases
from harness.traffic.databases import live_rows, with_log


def made(folder: Path, *statements: str, journal: str = "delete") -> tuple[bytes, bytes]:
    """A database after these statements, and its log as it lies there while it is open."""
    path = folder / "x.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        for statement in statements:
            connection.execute(statement)
        log = path.with_name("x.db-wal")
        return path.read_bytes(), log.read_bytes() if log.exists() else b""


CREATE = "CREATE TABLE events(id INTEGER, event TEXT, more BLOB)"
INSERT = "INSERT INTO events VALUES(1, 'q=hépatite', x'00ff')"


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_rows_that_are_there(tmp_path: Path, journal: str) -> None:
    database, log = made(tmp_path, CREATE, INSERT, journal=journal)
    assert bool(log) is (journal == "wal")
    assert live_rows(database, log) == "events|id=1|event=q=hépatite|more=".encode() + b"\x00\xff"


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_rows_that_were_deleted(tmp_path: Path, journal: str) -> None:
    database, log = made(tmp_path, CREATE, INSERT, "DELETE FROM events", journal=journal)
    assert "hépatite".encode() in database + log, "SQLite leaves the bytes where they were"
    assert live_rows(database, log) == b""


def test_a_row_of_a_transaction_that_was_not_committed(tmp_path: Path) -> None:
    database, log = made(
        tmp_path, CREATE, "PRAGMA cache_size=1", "BEGIN", *[INSERT] * 500, journal="wal"
    )
    assert live_rows(database, log) == b""


def test_a_log_of_an_earlier_round(tmp_path: Path) -> None:
    database, log = made(
        tmp_path,
        CREATE,
        *[INSERT] * 100,
        "PRAGMA wal_checkpoint(RESTART)",
        "DELETE FROM events",
        journal="wal",
    )
    assert live_rows(database, log) == b""
    assert with_log(database, b"x") == database


def test_what_is_no_database_or_runs_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, _ = made(tmp_path, CREATE, *[INSERT] * 5)
    assert live_rows(b"hello") is None
    assert live_rows(database[:600]) is None
    assert live_rows(database[:100] + b"\xff" * 5000) is None
    monkeypatch.setattr(databases, "MAX_ROWS_BYTES", 50)
    assert live_rows(database) is None
    monkeypatch.undo()
    monkeypatch.setattr(databases, "MAX_STEPS", 0)
    big, _ = made(tmp_path, *[INSERT.replace("events", "events")] * 2000)
    assert live_rows(big) is None


def test_virtual_tables_and_views_are_left_alone(tmp_path: Path) -> None:
    database, _ = made(
        tmp_path, CREATE, INSERT, "CREATE VIEW v AS SELECT randomblob(9) FROM events"
    )
    rows = live_rows(database)
    assert rows is not None
    assert rows.count(b"\n") == 0


@given(st.binary(max_size=300), st.integers(0, 4000), st.binary(max_size=40))
def test_damage_never_raises(log: bytes, at: int, noise: bytes) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CREATE)
        connection.execute(INSERT)
        connection.commit()
        database = bytearray(connection.serialize())
    database[at : at + len(noise)] = noise
    live_rows(bytes(database), log)
