"""Contents that the store keeps once: bodies, stacks, pictures, recipients.

Input: a connection in a writing transaction, contents. Output: the numbers under which they are
stored. Two writers that bring the same content at once get the same number. Refuses nothing; a body
above the limit is cut by `kept_body`, which says so in the body's own `unread`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from harness.attribution.recipient import Recipient
from harness.baseline import schema
from harness.baseline.packing import plain_text, recipient_text, squeezed
from harness.traffic.exchange import Body

MAX_BODY_BYTES = 4 << 20
"""Of a longer body the beginning is kept, and the body is unread from then on."""

AT_ONCE = 500
"""Values in one `IN (...)`: SQLite's oldest limit is 999."""


def kept_body(body: Body) -> Body:
    """The body as far as the store keeps it."""
    if len(body.data) <= MAX_BODY_BYTES:
        return body
    cut = f"the store kept {MAX_BODY_BYTES} of {body.size_bytes} bytes"
    return replace(body, data=body.data[:MAX_BODY_BYTES], unread=body.unread or cut)


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows that are not there yet, whoever is writing beside us."""
    if rows:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


class Blobs:
    """Contents by their digest, for one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[bytes, int] = {}

    def ids(self, contents: Sequence[bytes]) -> Iterator[int | None]:
        """The number of each content, in order; None for an empty one."""
        digests = [sha256(data).digest() if data else b"" for data in contents]
        new = {key: data for key, data in zip(digests, contents, strict=True) if data}
        self._learn([key for key in new if key not in self._known])
        missing = sorted(key for key in new if key not in self._known)
        insert_new(
            self._connection,
            schema.blobs,
            [
                {"sha256": key, "size_bytes": len(new[key]), "data": squeezed(new[key])}
                for key in missing
            ],
        )
        self._learn(missing)
        return iter([self._known[key] if key else None for key in digests])

    def _learn(self, digests: Sequence[bytes]) -> None:
        self._known |= _numbers(self._connection, schema.blobs, digests)


class Recipients:
    """Recipients by their digest, for one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Recipient, int] = {}

    def ids(self, recipients: Sequence[Recipient]) -> list[int]:
        """The number of each recipient, in order."""
        new = {each: recipient_text(each) for each in recipients if each not in self._known}
        if new:
            digests = {each: sha256(text.encode("ascii")).digest() for each, text in new.items()}
            in_order = sorted(new, key=digests.__getitem__)  # one for all: nobody waits in a ring
            rows = [
                {"sha256": digests[each], "host": plain_text(each.host), "value": new[each]}
                for each in in_order
            ]
            insert_new(self._connection, schema.recipients, rows)
            numbers = _numbers(self._connection, schema.recipients, list(digests.values()))
            self._known |= {each: numbers[digest] for each, digest in digests.items()}
        return [self._known[each] for each in recipients]


def _numbers(connection: Connection, table: Table, digests: Sequence[bytes]) -> dict[bytes, int]:
    """The rows that are there, by digest."""
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), AT_ONCE):
        part = digests[start : start + AT_ONCE]
        query = select(table.c.sha256, table.c.id).where(table.c.sha256.in_(part))
        found |= {bytes(digest): int(number) for digest, number in connection.execute(query)}
    return found
