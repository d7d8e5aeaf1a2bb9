"""Takes old runs out of the store, and the contents that nothing needs any more.

Input: a database, a rule (`Retention`), the time. Output: the ids that were (or would be) taken
out. A run that is going on, or began in the last day and was never finished, stays. Refuses to
remove a part of a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, union

from harness.baseline import schema
from harness.baseline.database import Database
from harness.baseline.model import RunInfo

DAY_S = 86400.0
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Retention:
    """Which runs may go: those older than `older_than_s` that are not among the last `keep`."""

    keep: int = 50
    older_than_s: float = 90 * DAY_S


def expired(runs: Sequence[RunInfo], rule: Retention, now_s: float) -> tuple[str, ...]:
    """Ids of the runs that the rule lets go.

    Args:
        runs: all runs, newest first.
    """
    kept: dict[str, int] = {}
    found = []
    for run in runs:
        packages = {app.package for app in run.apps} or {""}
        recent = any(kept.get(package, 0) < rule.keep for package in packages)
        for package in packages:
            kept[package] = kept.get(package, 0) + 1
        old = now_s - run.started_s > rule.older_than_s
        going_on = not run.complete and now_s - run.started_s < DAY_S
        if old and not recent and not going_on:
            found.append(run.id)
    return tuple(found)


def remove(database: Database, runs: Iterable[str]) -> int:
    """Remove whole runs, then what nothing refers to any more; how many contents went."""
    with database.writing(alone=True) as connection:
        for run in runs:
            connection.execute(delete(schema.runs).where(schema.runs.c.id == run))
        gone = _sweep(connection)
    if gone:
        database.shrink()
    return gone


def _sweep(connection: Connection) -> int:
    """Delete contents and recipients without a reference."""
    exchange, artifact = schema.exchanges.c, schema.artifacts.c
    columns = (exchange.request_id, exchange.response_id, exchange.stack_id, artifact.blob_id)
    used = union(*(select(column).where(column.is_not(None)) for column in columns))
    blobs = schema.blobs
    count = connection.execute(delete(blobs).where(blobs.c.id.not_in(used))).rowcount
    tables = (schema.exchanges, schema.contacts, schema.flows)
    whom = union(*(select(table.c.recipient_id) for table in tables))
    who = schema.recipients
    connection.execute(delete(who).where(who.c.id.not_in(whom)))
    return int(count)
