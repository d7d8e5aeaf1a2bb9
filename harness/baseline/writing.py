"""Writes a run into the store, item by item, as they finish.

Input: a database, the run's id, values. Output: rows; every item is one transaction, so a process
that is killed at any moment leaves all items that were finished before, and no part of another.
Several processes may write one run. An item that is written again (it was judged anew) replaces its
former state. Everything goes through the run's `Redactor`. Refuses to write half an item.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from harness.baseline import schema
from harness.baseline.contents import Blobs, Recipients, insert_new, kept_body
from harness.baseline.database import Database
from harness.baseline.folder import artifacts_of, events_of
from harness.baseline.forms import flows_of
from harness.baseline.model import About, AppVersion, ItemRecord, StoredExchange
from harness.baseline.packing import (
    exchange_blob,
    facts_json,
    flow_text,
    plain_text,
    stack_bytes,
    to_blob,
    to_text,
)
from harness.findings.facts import ItemFacts, ScannedExchange
from harness.findings.finding import Judgement, Verdict
from harness.report.document import item_json
from harness.traffic.exchange import Exchange, Stack
from harness.traffic.redaction import Redactor

CHUNK = 1000
"""Exchanges that are prepared and written at a time."""


def new_run_id(started_s: float) -> str:
    """`20261125-074632-3f9a`: the time in UTC, then something that tells two runs apart."""
    at = datetime.fromtimestamp(started_s, UTC)
    return f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class RunWriter:
    """One process's side of one run.

    Args:
        run: id of the run; see `new_run_id`. Processes that share a run share it.
    """

    def __init__(self, database: Database, run: str, redactor: Redactor) -> None:
        self.database = database
        self.run = run
        self._redactor = redactor

    def start(self, started_s: float, about: About) -> None:
        """Enter the run, unless another process of it did."""
        row = {
            "id": self.run,
            "started_s": started_s,
            "redacted": self._redactor.enabled,
            "about": to_text(asdict(about)),
        }
        with self.database.writing() as connection:
            insert_new(connection, schema.runs, [row])

    def agent(self, sha256: str, about: About) -> None:
        """Enter what is known of the versions once a device is at hand."""
        with self.database.writing() as connection:
            text = to_text(asdict(replace(about, agent=sha256)))
            connection.execute(
                update(schema.runs).where(schema.runs.c.id == self.run).values(about=text)
            )

    def put(self, record: ItemRecord) -> None:
        """Write an item, or write it anew.

        Raises:
            LabError: the store refused; nothing of the item is in it then.
        """
        item, facts = schema.items, record.facts
        judged = facts.judged if facts else ()
        row = self._row(record)
        with self.database.writing() as connection:
            former = (item.c.run_id == self.run) & (item.c.name == plain_text(record.name))
            connection.execute(delete(item).where(former))
            result = connection.execute(insert(item).values(**row).returning(item.c.id))
            key = int(result.scalar_one())
            blobs, recipients = Blobs(connection), Recipients(connection)
            self._put_exchanges(connection, key, record, judged, blobs, recipients)
            self._put_flows(connection, key, record.report.judgement, recipients)
            self._put_folder(connection, key, record, blobs)

    def finish(
        self, finished_s: float, verdict: Verdict, changes: dict[str, Any] | None = None
    ) -> None:
        """Mark the run as complete."""
        text = to_text(changes) if changes is not None else None
        with self.database.writing() as connection:
            connection.execute(
                update(schema.runs)
                .where(schema.runs.c.id == self.run)
                .values(finished_s=finished_s, verdict=verdict.value, changes=text)
            )

    # ---- inside -------------------------------------------------------------------------

    def _row(self, record: ItemRecord) -> dict[str, Any]:
        report, facts = record.report, record.facts
        app = record.app or AppVersion(facts.package if facts else "")
        return {
            "run_id": self.run,
            "name": plain_text(record.name),
            "test": plain_text(report.id),
            "attempt": record.attempt,
            "worker": record.worker,
            "scenario": plain_text(record.scenario or report.file),
            "scenario_sha256": record.scenario_sha256,
            "title": plain_text(record.title),
            "term": plain_text(report.term),
            "consent": report.consent,
            "verdict": report.verdict.value,
            "closed_as": (record.closed_as or report.verdict).value,
            "started_s": facts.started_s if facts else 0.0,
            "ended_s": facts.ended_s if facts else 0.0,
            "package": plain_text(app.package),
            "version_name": plain_text(app.version_name),
            "version_code": app.version_code,
            "app_sha256": app.sha256,
            "signer": app.signer,
            "report": to_blob(item_json(report, self._redactor)),
            "facts": to_blob(self._facts(facts)) if facts else None,
        }

    def _facts(self, facts: ItemFacts) -> dict[str, Any]:
        fields = facts_json(facts)
        text = self._redactor.text
        fields["typing_detail"] = text(facts.typing_detail)
        fields["crashed"] = text(facts.crashed)
        fields["failed_steps"] = [text(step) for step in facts.failed_steps]
        return fields

    def _put_exchanges(
        self,
        connection: Connection,
        key: int,
        record: ItemRecord,
        judged: Sequence[ScannedExchange],
        blobs: Blobs,
        recipients: Recipients,
    ) -> None:
        disputed = {finding.exchange for finding in record.report.judgement.findings}
        contacted: dict[int, list[float]] = {}
        rows = iter(judged)
        number = 0
        while chunk := [self._stored(each, disputed) for each in islice(rows, CHUNK)]:
            whom = recipients.ids([each.recipient for each in chunk])
            contents = blobs.ids([data for each in chunk for data in _contents(each)])
            values = []
            for each, who in zip(chunk, whom, strict=True):
                request, response, stack = (next(contents) for _ in range(3))
                values.append(
                    {
                        "item_id": key,
                        "number": number,
                        "started_s": each.exchange.started_s,
                        "host": plain_text(each.exchange.host),
                        "recipient_id": who,
                        "request_id": request,
                        "response_id": response,
                        "stack_id": stack,
                        "whole": each.whole,
                        "detail": exchange_blob(each),
                    }
                )
                number += 1
                _count(contacted, who, each.exchange.started_s)
            connection.execute(insert(schema.exchanges), values)
        if contacted:
            connection.execute(
                insert(schema.contacts),
                [
                    {"item_id": key, "recipient_id": who}
                    | {"exchanges": int(row[0]), "first_s": row[1], "last_s": row[2]}
                    for who, row in sorted(contacted.items())
                ],
            )

    def _stored(self, scanned: ScannedExchange, disputed: set[str]) -> StoredExchange:
        """What the store may hold of it: redacted, and no body above the limit."""
        taken = self._redactor.exchange(scanned.exchange)
        scan = scanned.scan
        if scan.identifiers:
            known = scanned.exchange.id in disputed
            hide = self._redactor.companion if known else self._redactor.identifier
            scan = replace(scan, identifiers=tuple(map(hide, scan.identifiers)))
        kept = _within_limits(taken)
        return StoredExchange(
            kept,
            scan,
            scanned.recipient,
            scanned.proxied_by,
            scanned.proxied_id,
            scanned.proxied_why,
            whole=kept.request == scanned.exchange.request,
        )

    def _put_flows(
        self, connection: Connection, key: int, judgement: Judgement, recipients: Recipients
    ) -> None:
        flows = flows_of(judgement)
        whom = recipients.ids([flow.recipient for flow in flows])
        rows = [
            {"item_id": key, "number": number, "recipient_id": who, "value": flow_text(flow)}
            for number, (flow, who) in enumerate(zip(flows, whom, strict=True))
        ]
        if rows:
            connection.execute(insert(schema.flows), rows)

    def _put_folder(
        self, connection: Connection, key: int, record: ItemRecord, blobs: Blobs
    ) -> None:
        if record.folder is None:
            return
        events = [
            {"item_id": key, "number": number, "event": each.event, "at_s": each.at_s}
            | {"value": to_text(each.fields)}
            for number, each in enumerate(events_of(record.folder))
        ]
        if events:
            connection.execute(insert(schema.events), events)
        for artifact, data in artifacts_of(record.folder):
            blob = next(blobs.ids([data])) if data is not None else None
            connection.execute(
                insert(schema.artifacts).values(
                    item_id=key,
                    name=artifact.name,
                    sha256=artifact.sha256,
                    size_bytes=artifact.size_bytes,
                    blob_id=blob,
                )
            )


def _within_limits(exchange: Exchange) -> Exchange:
    request, response = exchange.request, exchange.response
    body = kept_body(request.body)
    if body is not request.body:
        exchange = replace(exchange, request=replace(request, body=body))
    if response is not None and (body := kept_body(response.body)) is not response.body:
        exchange = replace(exchange, response=replace(response, body=body))
    return exchange


def _contents(stored: StoredExchange) -> Iterator[bytes]:
    """Request body, response body, stack; empty ones are none."""
    exchange = stored.exchange
    yield exchange.request.body.data
    yield exchange.response.body.data if exchange.response else b""
    yield stack_bytes(exchange.stack) if exchange.stack != Stack() else b""


def _count(contacted: dict[int, list[float]], who: int, at_s: float) -> None:
    row = contacted.setdefault(who, [0, at_s, at_s])
    row[0] += 1
    row[1], row[2] = min(row[1], at_s), max(row[2], at_s)
