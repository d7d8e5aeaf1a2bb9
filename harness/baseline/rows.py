"""Rows of the run store to values.

Input: rows, and the connection where a row alone does not say all. Output: values of
`baseline.model`. Refuses rows that cannot be what they should be: `made` names them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, func, select

from harness.baseline import schema
from harness.baseline.model import About, AppVersion, ItemInfo, RunInfo, StoredExchange
from harness.baseline.packing import exchange_of, recipient_of, unsqueezed
from harness.errors import LabError
from harness.findings.finding import Verdict
from harness.report.model import overall

T = TypeVar("T")


def made(where: str, what: str, name: str, make: Callable[[], T]) -> T:
    """What `make` makes of a row.

    Raises:
        LabError: it cannot; the error says which row of which store.
    """
    try:
        return make()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabError(
            f"the run store has a damaged {what}",
            where=where,
            seen=f"{name}: {type(error).__name__}: {error}",
            action="`leak-harness runs prune --run ID` takes a run out of the store",
        ) from error


def run_of(connection: Connection, row: Row[Any], where: str) -> RunInfo:
    """A run with what its items say of it."""
    table = schema.items
    columns = (
        table.c.package,
        table.c.version_name,
        table.c.version_code,
        table.c.app_sha256,
        table.c.signer,
        table.c.verdict,
    )
    query = select(*columns, func.count()).where(table.c.run_id == row.id)
    groups = connection.execute(query.group_by(*columns).order_by(*columns)).all()

    def make() -> RunInfo:
        verdicts = [Verdict(group.verdict) for group in groups]
        return RunInfo(
            id=row.id,
            started_s=row.started_s,
            finished_s=row.finished_s,
            verdict=Verdict(row.verdict) if row.verdict else overall(verdicts),
            redacted=row.redacted,
            about=About(**json.loads(row.about)),
            apps=tuple(dict.fromkeys(AppVersion(*group[:5]) for group in groups if group[0])),
            items=sum(group[-1] for group in groups),
            changes=json.loads(row.changes) if row.changes else None,
        )

    return made(where, "run", row.id, make)


def item_row_of(row: Row[Any]) -> ItemInfo:
    app = AppVersion(row.package, row.version_name, row.version_code, row.app_sha256, row.signer)
    return ItemInfo(
        key=row.id,
        run=row.run_id,
        name=row.name,
        test=row.test,
        attempt=row.attempt,
        worker=row.worker,
        scenario=row.scenario,
        scenario_sha256=row.scenario_sha256,
        title=row.title,
        term=row.term,
        consent=row.consent,
        verdict=Verdict(row.verdict),
        closed_as=Verdict(row.closed_as),
        started_s=row.started_s,
        ended_s=row.ended_s,
        app=app if app.package else None,
    )


def exchange_row_of(row: Row[Any]) -> StoredExchange:
    return exchange_of(
        row.detail,
        recipient=recipient_of(row.recipient),
        bodies=(_content(row.request), _content(row.response)),
        stack=unsqueezed(row.stack) if row.stack is not None else None,
        whole=row.whole,
    )


def _content(data: bytes | None) -> bytes:
    return unsqueezed(data) if data is not None else b""
