"""SQLite files, as SQLite itself writes them."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

import pytest

from harness.detection.decoders.sqlite import MAX_ROWS, pieces

LIMIT = 1 << 20


def file_of(*statements: str, encoding: str = "UTF-8") -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA encoding = '{encoding}'")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


QUEUE = (
    "CREATE TABLE events (id INTEGER, body TEXT, raw BLOB)",
    "INSERT INTO events VALUES (1, 'hépatite', x'00ff'), (2, NULL, NULL)",
)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_texts_and_blobs_of_every_table_in_utf8(encoding: str) -> None:
    more = ('CREATE TABLE "a ""b" (x)', 'INSERT INTO "a ""b" VALUES (\'covid\')')
    (piece,) = pieces(file_of(*QUEUE, *more, encoding=encoding), LIMIT)
    assert piece.data == b"\n".join(("hépatite".encode(), b"\x00\xff", b"covid"))
    assert not piece.cut


def test_a_file_with_a_write_ahead_log(tmp_path: Path) -> None:
    """Android opens databases so (`SQLiteDatabase.enableWriteAheadLogging`, Room's default)."""
    path = tmp_path / "queue.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    for statement in QUEUE:
        connection.execute(statement)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    connection.close()
    assert data[18:20] == b"\x02\x02"
    (piece,) = pieces(data, LIMIT)
    assert "hépatite".encode() in piece.data


def test_damage_in_one_table_leaves_the_others() -> None:
    data = file_of(
        "CREATE TABLE one (x)", "INSERT INTO one VALUES ('first')",
        "CREATE TABLE two (x)", "INSERT INTO two VALUES ('second')",
    )  # fmt: skip
    page = data.rindex(b"second") // 4096 * 4096
    damaged = data[:page] + b"\x77" * 4096 + data[page + 4096 :]
    (piece,) = pieces(damaged, LIMIT)
    assert piece.data == b"first"
    assert piece.cut


def test_values_beyond_the_limit_are_told() -> None:
    values = "INSERT INTO t VALUES ('first'), ('second'), (hex(zeroblob(999)))"
    for limit in (1200, 2000):  # one value is too long; together they are
        (piece,) = pieces(file_of("CREATE TABLE t (x)", values), limit)
        assert piece.data.startswith(b"first")
        assert len(piece.data) <= limit
        assert piece.cut
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) "
    sql = "INSERT INTO t " + rows + "SELECT 'x' FROM n"
    many = file_of("CREATE TABLE t (x)", sql.format(MAX_ROWS + 5))
    assert [piece.cut for piece in pieces(many, LIMIT)] == [True]
    exact = file_of("CREATE TABLE t (x)", sql.format(MAX_ROWS))
    assert [piece.cut for piece in pieces(exact, LIMIT)] == [False]


def test_computed_columns_are_no_bomb() -> None:
    data = file_of(
        "CREATE TABLE t (x, y AS (zeroblob(900000000)))", "INSERT INTO t (x) VALUES ('a')"
    )
    before = time.process_time()
    assert all(len(piece.data) <= LIMIT for piece in pieces(data, LIMIT))
    assert time.process_time() - before < 0.5


def test_no_damage_raises() -> None:
    chance = random.Random(11)
    whole = file_of(*QUEUE)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3, 20))):
            data[chance.randrange(16, len(data))] = chance.randrange(256)
        for piece in pieces(bytes(data[: chance.choice((len(data), 5000))]), LIMIT):
            assert len(piece.data) <= LIMIT


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"SQLite format 4\0" + bytes(90)])
def test_what_is_none(data: bytes) -> None:
    assert list(pieces(data, LIMIT)) == []
