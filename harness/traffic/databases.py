"""The rows that a SQLite database holds now, without what deleted rows left behind in its file.

Input: the bytes of a database and of its write-ahead log. Output: its rows as lines of text and
raw bytes. Pure: nothing is written, the database is opened in memory. The log is applied as
https://www.sqlite.org/fileformat2.html section 4 describes it, since a database in memory has none.
Refuses what is no database, is damaged, or has more to say than the bounds: then the caller has the
raw bytes. The file comes from an untrusted app: nothing in its schema is run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

MAGIC = b"SQLite format 3\0"
COMPANIONS = ("-wal", "-shm", "-journal")
"""Ends of the names of files that belong to a database."""

MAX_ROWS_BYTES = 64 * 1024 * 1024
MAX_STEPS = 20_000
"""Of 1,000 instructions of SQLite's machine each; a schema may be built to run for ever."""

_FILE_VERSION = slice(18, 20)
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24


def live_rows(database: bytes, log: bytes = b"") -> bytes | None:
    """One line per row, `table|column=value|...`; None when that cannot be told."""
    if not database.startswith(MAGIC):
        return None
    image = with_log(database, log)
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.text_factory = bytes
            connection.deserialize(image[:18] + b"\x01\x01" + image[20:])  # no log of its own
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            steps = iter(range(MAX_STEPS))
            connection.set_progress_handler(lambda: 0 if next(steps, None) is not None else 1, 1000)
            return _joined(_rows(connection))
    except (sqlite3.Error, OverflowError, _TooMuch):
        return None


class _TooMuch(Exception):
    """More rows than the bounds allow."""


def _joined(lines: Iterator[bytes]) -> bytes:
    found, size = [], 0
    for line in lines:
        size += len(line)
        if size > MAX_ROWS_BYTES:
            raise _TooMuch
        found.append(line)
    return b"\n".join(found)


def _rows(connection: sqlite3.Connection) -> Iterator[bytes]:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    for (name,) in tables:
        quoted = name.decode("utf-8", "replace").replace('"', '""')
        cursor = connection.execute(f'SELECT * FROM "{quoted}"')
        columns = [column[0].encode("utf-8", "replace") for column in cursor.description]
        for row in cursor:
            cells = (
                column + b"=" + _bytes(value) for column, value in zip(columns, row, strict=True)
            )
            yield name + b"|" + b"|".join(cells)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b"" if value is None else str(value).encode()


def with_log(database: bytes, log: bytes) -> bytes:
    """The database with the committed frames of its log in their places."""
    if len(log) < _WAL_HEADER_BYTES:
        return database
    page_bytes = int.from_bytes(log[8:12]) or 65536
    if page_bytes < 512 or page_bytes & (page_bytes - 1):
        return database
    pages: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    count = 0
    step = _FRAME_HEADER_BYTES + page_bytes
    for at in range(_WAL_HEADER_BYTES, len(log) - step + 1, step):
        head = log[at : at + _FRAME_HEADER_BYTES]
        if head[8:16] != log[16:24]:  # another salt: frames of an earlier round
            break
        number, size = int.from_bytes(head[:4]), int.from_bytes(head[4:8])
        pending[number] = log[at + _FRAME_HEADER_BYTES : at + step]
        if size:  # this frame commits
            pages |= pending
            pending, count = {}, size
    if not pages or max(pages) > len(database) // page_bytes + len(pages):
        return database
    held = bytearray(database)
    for number, page in sorted(pages.items()):
        end = number * page_bytes
        if len(held) < end:
            held.extend(bytes(end - len(held)))
        held[end - page_bytes : end] = page
    return bytes(held[: count * page_bytes])
