"""Which versions of an app talked to whom, over all stored runs.

Input: a connection, a package. Output: `Seen` per recipient, by host and SDK: first and last
version, and whether it ever got a term. One query over the contacts; no exchange is read. Pure
otherwise.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, select

from harness.baseline import schema
from harness.baseline.model import AppVersion, Seen
from harness.baseline.packing import recipient_of


def history_of(connection: Connection, package: str) -> tuple[Seen, ...]:
    """One row per host and SDK, by host."""
    found: dict[tuple[str, str], Seen] = {}
    terms = _with_terms(connection, package)
    table, item, who = schema.contacts, schema.items, schema.recipients
    version = (item.c.version_name, item.c.version_code)
    query = (
        select(
            who.c.id,
            who.c.value,
            *version,
            func.min(table.c.first_s).label("first_s"),
            func.max(table.c.last_s).label("last_s"),
            func.count(item.c.run_id.distinct()).label("runs"),
        )
        .join(item, item.c.id == table.c.item_id)
        .join(who, who.c.id == table.c.recipient_id)
        .where(item.c.package == package)
        .group_by(who.c.id, who.c.value, *version)
    )
    rows = sorted(connection.execute(query).all(), key=lambda row: (row.first_s, row.id))
    for row in rows:
        recipient = recipient_of(row.value)
        label = AppVersion(package, row.version_name, row.version_code).label
        key = (recipient.host, recipient.sdk)
        got = row.id in terms
        known = found.get(key)
        if known is None:
            found[key] = Seen(
                recipient, label, row.first_s, label, row.last_s, row.runs, got_term=got
            )
            continue
        later = row.last_s > known.last_s
        found[key] = replace(
            known,
            last_version=label if later else known.last_version,
            last_s=max(row.last_s, known.last_s),
            runs=known.runs + row.runs,
            got_term=known.got_term or got,
        )
    return tuple(found[key] for key in sorted(found))


def _with_terms(connection: Connection, package: str) -> set[int]:
    """Numbers of the recipients that got a term."""
    query = (
        select(schema.flows.c.recipient_id)
        .join(schema.items, schema.items.c.id == schema.flows.c.item_id)
        .where(schema.items.c.package == package)
    )
    return {int(number) for number in connection.execute(query.distinct()).scalars()}
