"""Reads runs back: what reports, diffs, baselines and replays are made from.

Input: a database. Output: the values of `baseline.model`, lazily where there may be many. What
`RunReader` offers:

    runs(package="", limit=None)     RunInfo, newest first
    find("latest" | id | its start)  the RunInfo that people mean
    items(run)                       ItemInfo, in the order they were written
    report(item), document(run)      its ItemReport; the whole report.json
    facts(item)                      ItemFacts without exchanges, None if it was not played
    exchanges(item)                  StoredExchange, by time, streamed
    flows(run), contacted(run)       (ItemInfo, Flow) and (ItemInfo, Contacted)
    events(item), artifacts(item)    StoredEvent, Artifact; artifact(item, name) is the content
    history(package)                 Seen: every recipient, first and last version

Refuses rows that cannot be what they should be: the error names the row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row, Select, select

from harness.baseline import schema
from harness.baseline.database import Database
from harness.baseline.history import history_of
from harness.baseline.model import (
    Artifact,
    Contacted,
    Flow,
    ItemInfo,
    RunInfo,
    Seen,
    StoredEvent,
    StoredExchange,
)
from harness.baseline.packing import facts_of, flow_of, of_blob, recipient_of, unsqueezed
from harness.baseline.rows import exchange_row_of, item_row_of, made, run_of
from harness.errors import ScenarioError
from harness.findings.facts import ItemFacts
from harness.report.document import document
from harness.report.model import ItemReport
from harness.report.parsing import item_of

LATEST = "latest"
AT_ONCE = 500
"""Exchanges that are fetched at a time."""

T = TypeVar("T")


class RunReader:
    """See the module's docstring."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # ---- runs ---------------------------------------------------------------------------

    def runs(self, package: str = "", limit: int | None = None) -> tuple[RunInfo, ...]:
        """All runs, or those in which `package` was tested; newest first."""
        table = schema.runs
        query = select(table).order_by(table.c.started_s.desc(), table.c.id.desc()).limit(limit)
        if package:
            tested = select(schema.items.c.run_id).where(schema.items.c.package == package)
            query = query.where(table.c.id.in_(tested))
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
            return tuple(run_of(connection, row, self.database.name) for row in rows)

    def find(self, name: str) -> RunInfo:
        """The run of this id, of an id that begins so, `latest`, or `latest~1` for the one before.

        Raises:
            ScenarioError: there is none, or several begin so.
        """
        word, tilde, number = name.partition("~")
        if word == LATEST and (not tilde or number.isdigit()):
            back = int(number or 0)
            found = self.runs(limit=back + 1)[back:]
        else:
            found = tuple(self._beginning(name))
            found = tuple(run for run in found if run.id == name) or found
        if len(found) == 1:
            return found[0]
        raise ScenarioError(
            f"there is no run {name!r}" if not found else f"several runs begin with {name!r}",
            where=self.database.name,
            seen=", ".join(run.id for run in found[:5]),
            action="`leak-harness runs list` shows the runs there are",
        )

    def _beginning(self, name: str) -> Iterator[RunInfo]:
        query = select(schema.runs).where(schema.runs.c.id.startswith(name, autoescape=True))
        with self.database.reading() as connection:
            for row in connection.execute(query.limit(6)).all() if name else ():
                yield run_of(connection, row, self.database.name)

    # ---- items --------------------------------------------------------------------------

    def items(self, run: str) -> tuple[ItemInfo, ...]:
        """The items of a run, in the order in which they began."""
        table = schema.items
        columns = [column for column in table.c if column.name not in ("report", "facts")]
        query = select(*columns).where(table.c.run_id == run)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(table.c.started_s, table.c.id)).all()
        return tuple(self._made("item", row.name, partial(item_row_of, row)) for row in rows)

    def report(self, item: ItemInfo) -> ItemReport:
        """What report.json says of it, as values."""
        return self._made("report", item.name, lambda: item_of(self._report(item)))

    def document(self, run: str) -> dict[str, Any]:
        """The report.json of a run, as far as it is stored; an item per attempt."""
        return document([self._report(item) for item in self.items(run)])

    def facts(self, item: ItemInfo) -> ItemFacts | None:
        """What the verdict rests on, without the exchanges; None for an item that never played."""
        data = self._column(item, "facts")
        if data is None:
            return None
        coverage = self.report(item).coverage
        return self._made("facts", item.name, lambda: facts_of(of_blob(data), coverage))

    def _report(self, item: ItemInfo) -> Any:
        data = self._column(item, "report")
        return self._made("report", item.name, lambda: of_blob(data or b""))

    def _column(self, item: ItemInfo, name: str) -> bytes | None:
        query = select(schema.items.c[name]).where(schema.items.c.id == item.key)
        with self.database.reading() as connection:
            data = connection.execute(query).scalar_one_or_none()
        return bytes(data) if data is not None else None

    # ---- parts of items -----------------------------------------------------------------

    def exchanges(self, item: ItemInfo) -> Iterator[StoredExchange]:
        """All exchanges of an item by time, with their bodies."""
        after = -1
        while rows := self._exchange_rows(item, after):
            for row in rows:
                after = row.number
                yield self._made("exchange", f"{item.name} {after}", partial(exchange_row_of, row))

    def _exchange_rows(self, item: ItemInfo, after: int) -> Sequence[Any]:
        table, who = schema.exchanges, schema.recipients
        request, response = schema.blobs.alias("request"), schema.blobs.alias("response")
        stack = schema.blobs.alias("stack")
        query = (
            select(
                table.c.number,
                table.c.whole,
                table.c.detail,
                who.c.value.label("recipient"),
                request.c.data.label("request"),
                response.c.data.label("response"),
                stack.c.data.label("stack"),
            )
            .join(who, who.c.id == table.c.recipient_id)
            .outerjoin(request, request.c.id == table.c.request_id)
            .outerjoin(response, response.c.id == table.c.response_id)
            .outerjoin(stack, stack.c.id == table.c.stack_id)
            .where((table.c.item_id == item.key) & (table.c.number > after))
            .order_by(table.c.number)
            .limit(AT_ONCE)
        )
        with self.database.reading() as connection:
            return connection.execute(query).all()

    def flows(self, run: str) -> tuple[tuple[ItemInfo, Flow], ...]:
        """Who got terms in which forms, item by item."""
        rows = self._parts(run, select(schema.flows.c.value.label("flow")), schema.flows)
        return tuple((item, flow_of(row.flow, recipient_of(row.recipient))) for item, row in rows)

    def contacted(self, run: str) -> tuple[tuple[ItemInfo, Contacted], ...]:
        """Whom the app talked to, terms or not, item by item."""
        table = schema.contacts
        columns = select(table.c.exchanges, table.c.first_s, table.c.last_s)
        return tuple(
            (
                item,
                Contacted(recipient_of(row.recipient), row.exchanges, row.first_s, row.last_s),
            )
            for item, row in self._parts(run, columns, table)
        )

    def _parts(
        self, run: str, columns: Select[Any], table: Any
    ) -> Iterator[tuple[ItemInfo, Row[Any]]]:
        """Rows of a table of recipients, with their items."""
        by_key = {item.key: item for item in self.items(run)}
        query = (
            columns.add_columns(
                table.c.item_id.label("item"), schema.recipients.c.value.label("recipient")
            )
            .join(schema.recipients, schema.recipients.c.id == table.c.recipient_id)
            .join(schema.items, schema.items.c.id == table.c.item_id)
            .where(schema.items.c.run_id == run)
            .order_by(table.c.item_id, schema.recipients.c.host, table.c.recipient_id)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return ((by_key[row.item], row) for row in rows if row.item in by_key)

    def events(self, item: ItemInfo) -> tuple[StoredEvent, ...]:
        """What happened, in order."""
        table = schema.events
        query = select(table).where(table.c.item_id == item.key).order_by(table.c.number)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(StoredEvent(row.event, row.at_s, json.loads(row.value)) for row in rows)

    def artifacts(self, item: ItemInfo) -> tuple[Artifact, ...]:
        """Pictures and logs, by name."""
        table = schema.artifacts
        query = select(table).where(table.c.item_id == item.key).order_by(table.c.name)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Artifact(row.name, row.sha256, row.size_bytes, row.blob_id is not None) for row in rows
        )

    def artifact(self, item: ItemInfo, name: str) -> bytes | None:
        """The content of a picture or log; None when the store does not have it."""
        table = schema.artifacts
        query = (
            select(schema.blobs.c.data)
            .join(table, table.c.blob_id == schema.blobs.c.id)
            .where((table.c.item_id == item.key) & (table.c.name == name))
        )
        with self.database.reading() as connection:
            data = connection.execute(query).scalar_one_or_none()
        return None if data is None else self._made("artifact", name, lambda: unsqueezed(data))

    def history(self, package: str) -> tuple[Seen, ...]:
        """Every recipient that any version of the app talked to; by host."""
        with self.database.reading() as connection:
            return history_of(connection, package)

    def _made(self, what: str, name: str, make: Callable[[], T]) -> T:
        return made(self.database.name, what, name, make)
