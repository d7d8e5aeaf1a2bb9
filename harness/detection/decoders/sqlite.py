"""SQLite database files, best effort: text and blob values of every table, read in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from harness.detection.views import Piece

MAGIC = b"SQLite format 3\0"
MAX_FILE_BYTES = 32 << 20
MAX_ROWS = 20_000


def _values(connection: sqlite3.Connection, limit: int) -> Iterator[bytes]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    total = 0
    for (table,) in tables:
        quoted = str(table).replace('"', '""')
        for row in connection.execute(f'SELECT * FROM "{quoted}" LIMIT {MAX_ROWS}'):
            for value in row:
                raw = value.encode("utf-8", "replace") if isinstance(value, str) else value
                if isinstance(raw, bytes) and raw:
                    total += len(raw)
                    if total > limit:
                        return
                    yield raw


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """One piece: all values, one a line."""
    if not data.startswith(MAGIC) or len(data) > MAX_FILE_BYTES:
        return
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        joined = b"\n".join(_values(connection, limit))
    except sqlite3.Error:
        return
    finally:
        connection.close()
    if joined:
        yield Piece("sqlite", 0, len(data), joined)
