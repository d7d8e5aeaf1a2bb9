"""Reads the witness record: what the virtual internet saw of the app's traffic.

Input: the JSON-lines file that `harness.virtual.internet.record` writes and documents (version 1),
also while it grows. Output: exchanges (layer `witness`), and gaps for connections that the witness
could not read. A last line without its line feed is still being written and is left for later.
Refuses another version and a damaged line: a record that cannot be trusted proves nothing.

Messages that the app received on a WebSocket are left out: they are nothing the app sent.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.errors import LabError
from harness.findings.coverage import Gap
from harness.traffic.exchange import Body, Exchange, Header, Kind, Layer, Request, Response

VERSION = 1


def read_witness(path: Path) -> tuple[Exchange, ...]:
    """All exchanges of a record, in the order in which they began.

    Raises:
        LabError: the record cannot be read, has another version or a damaged line.
    """
    record = WitnessRecord(path)
    record.poll()
    return record.exchanges()


class WitnessRecord:
    """A record that is read as it grows; call `poll`, then ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._line = 0
        self._exchanges: dict[str, Exchange] = {}
        self._gaps: list[Gap] = []
        self._by_default: set[str] = set()
        self._uncontained = ""

    def poll(self) -> None:
        """Read what was written since the last time.

        Raises:
            LabError: the record cannot be read, has another version or a damaged line.
        """
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                chunk = file.read()
        except OSError as error:
            raise LabError(
                "the witness record cannot be read",
                where=str(self._path),
                seen=error.strerror or str(error),
            ) from error
        whole = chunk[: chunk.rfind(b"\n") + 1]
        for raw in whole.splitlines():
            self._line += 1
            self._take(raw)
        self._offset += len(whole)

    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges so far, in the order in which they began."""
        return tuple(self._exchanges.values())

    def gaps(self) -> tuple[Gap, ...]:
        """Connections that the witness could not read, so far."""
        return tuple(self._gaps)

    def by_default(self) -> frozenset[str]:
        """Hosts that got an answer which nobody wrote for them, so far."""
        return frozenset(self._by_default)

    def uncontained(self) -> str:
        """Why there may be traffic that the witness cannot know of; empty when there cannot."""
        return self._uncontained

    def _take(self, raw: bytes) -> None:
        try:
            event = json.loads(raw)
            handle = _EVENTS[event["event"]]
            handle(self, event)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabError(
                "the witness record has a damaged line",
                where=f"{self._path}:{self._line}",
                seen=f"{type(error).__name__}: {error}",
                expected=f"an event of record version {VERSION}",
                action="run again; keep the record for a bug report",
            ) from error

    def _start(self, event: Mapping[str, Any]) -> None:
        if event["version"] != VERSION:
            raise ValueError(f"version {event['version']!r}")

    def _ignore(self, event: Mapping[str, Any]) -> None:
        """An event that says nothing about an exchange."""

    def _request(self, event: Mapping[str, Any]) -> None:
        request = Request(
            event["method"],
            event["url"],
            _headers(event["headers"]),
            _body(event["body"]),
            event["http_version"],
        )
        self._enter(event["id"], Kind.HTTP, event, request)

    def _response(self, event: Mapping[str, Any]) -> None:
        known = self._exchanges[_key(event["id"])]
        if event["source"] == "default":
            self._by_default.add(known.host)
        response = Response(
            event["status"], _headers(event["headers"]), _body(event["body"]), event["http_version"]
        )
        self._exchanges[known.id] = replace(known, response=response)

    def _failed(self, event: Mapping[str, Any]) -> None:
        if _key(event["id"]) not in self._exchanges:
            self._gap(event)

    def _gap(self, event: Mapping[str, Any]) -> None:
        host = event["where"]["host"].lower()
        self._gaps.append(Gap(host, f"{event['event']}: {event['error']}", event["time_s"]))

    def _not_held(self, event: Mapping[str, Any]) -> None:
        self._uncontained = event["error"]

    def _websocket(self, event: Mapping[str, Any]) -> None:
        if not event["from_client"]:
            return
        shake = self._exchanges[_key(event["id"])]
        key = _key(f"{event['id']}:{event['n']}")
        self._exchanges[key] = replace(
            shake,
            id=key,
            kind=Kind.WEBSOCKET,
            started_s=event["time_s"],
            request=Request("", _websocket_url(shake.request.url), (), _body(event["body"])),
            response=None,
        )

    def _stream(self, event: Mapping[str, Any]) -> None:
        """Chunks of one connection make one exchange; what came back is its response."""
        key = _key(event["id"])
        where, chunk = event["where"], _body(event["body"])
        if key not in self._exchanges:
            scheme = "tls" if where["tls"] else "tcp"
            url = f"{scheme}://{where['host'].lower()}:{where['port']}"
            self._enter(event["id"], Kind.STREAM, event, Request("", url))
        known = self._exchanges[key]
        if event["from_client"]:
            request = replace(known.request, body=_joined(known.request.body, chunk))
            self._exchanges[key] = replace(known, request=request)
        else:
            earlier = known.response.body if known.response else Body.of(b"")
            self._exchanges[key] = replace(known, response=Response(0, (), _joined(earlier, chunk)))

    def _enter(self, name: str, kind: Kind, event: Mapping[str, Any], request: Request) -> None:
        where, key = event["where"], _key(name)
        self._exchanges[key] = Exchange(
            id=key,
            kind=kind,
            seen_by=(Layer.WITNESS,),
            host=where["host"].lower(),
            port=where["port"],
            started_s=event["time_s"],
            request=request,
        )


_EVENTS = {
    "start": WitnessRecord._start,
    "answers": WitnessRecord._ignore,
    "request": WitnessRecord._request,
    "response": WitnessRecord._response,
    "failed": WitnessRecord._failed,
    "websocket": WitnessRecord._websocket,
    "stream": WitnessRecord._stream,
    "tls-failed": WitnessRecord._gap,
    "refused": WitnessRecord._gap,
    "attempt": WitnessRecord._gap,
    "uncontained": WitnessRecord._not_held,
    "lookup": WitnessRecord._ignore,
}


def _key(name: str) -> str:
    return f"witness:{name}"


def _headers(pairs: list[list[str]]) -> tuple[Header, ...]:
    return tuple((name, value) for name, value in pairs)


def _body(fields: Mapping[str, Any]) -> Body:
    return Body(
        b64decode(fields["data"], validate=True), int(fields["size_bytes"]), str(fields["unread"])
    )


def _joined(first: Body, second: Body) -> Body:
    unread = first.unread or second.unread
    return Body(first.data + second.data, first.size_bytes + second.size_bytes, unread)


def _websocket_url(url: str) -> str:
    return "ws" + url.removeprefix("http") if url.startswith("http") else url
