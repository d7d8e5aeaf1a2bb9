"""SQLite database files (sqlite.org/fileformat.html), best effort: text and blob values of every
table, read in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from harness.detection.views import Piece

MAGIC = b"SQLite format 3\0"
MAX_FILE_BYTES = 32 << 20
MAX_ROWS = 20_000
OPERATIONS_PER_CALL, MAX_CALLS = 10_000, 2_000
"""Work of SQLite's virtual machine: a schema may hold columns that are computed."""
VERSIONS_AT = 18
ROLLBACK = b"\x01\x01"
"""Read and write version of a file without a write-ahead log; one with it cannot be opened in
memory, and Android's databases usually have one."""
DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""The binding decodes names and messages out of the file as UTF-8; damage makes them none."""


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """One piece: all values, one a line; cut when some could not be read."""
    if not data.startswith(MAGIC) or len(data) > MAX_FILE_BYTES:
        return
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data[:VERSIONS_AT] + ROLLBACK + data[VERSIONS_AT + 2 :])
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(limit, MAX_FILE_BYTES))
        _bound_work(connection)
        values, cut = _values(connection, limit)
    except DAMAGE:
        return
    finally:
        connection.close()
    if values:
        yield Piece("sqlite", 0, len(data), b"\n".join(values), cut=cut)


def _bound_work(connection: sqlite3.Connection) -> None:
    calls = iter(range(MAX_CALLS))
    connection.set_progress_handler(lambda: next(calls, None) is None, OPERATIONS_PER_CALL)


def _values(connection: sqlite3.Connection, limit: int) -> tuple[list[bytes], bool]:
    """The values of all tables, and whether any were left out."""
    connection.text_factory = bytes
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found: list[bytes] = []
    total, cut = 0, False
    for (table,) in tables:
        try:
            rows = connection.execute(f'SELECT * FROM "{_quoted(table)}" LIMIT {MAX_ROWS + 1}')
            for number, row in enumerate(rows):
                cut |= number == MAX_ROWS
                for value in row:
                    if isinstance(value, bytes) and value:
                        total += len(value) + 1
                        if total > limit:
                            return found, True
                        found.append(value)
        except DAMAGE:
            cut = True  # the other tables may still be whole
    return found, cut


def _quoted(table: bytes) -> str:
    return table.decode().replace('"', '""')
