"""Exchanges on disk: one JSON object a line, written as they come, read back for replay.

Input and output: `Exchange` values and a file (mode 0600). The first line is the head:
`{"recording": 1, "redacted": true}`; every other line is one exchange, bytes in base64. An
exchange that is written again (a response came later) replaces its earlier state on reading.
A last line that was torn by a crash is left out and reported. Refuses other versions.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from harness.errors import ScenarioError
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Response, Stack
from harness.traffic.redaction import Redactor

VERSION = 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that was read.

    Attributes:
        redacted: values were taken out before it was written.
        torn: the last line was incomplete and is missing.
    """

    exchanges: tuple[Exchange, ...]
    redacted: bool
    torn: bool


class Recorder:
    """Appends exchanges to a new file, each line flushed at once.

    Raises:
        OSError: the file exists already or cannot be written.
    """

    def __init__(self, path: Path, redactor: Redactor) -> None:
        self._redactor = redactor
        self._written: dict[str, Exchange] = {}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="ascii")
        self._line({"recording": VERSION, "redacted": redactor.enabled})

    def write(self, exchanges: Iterable[Exchange]) -> None:
        """Append those that are new or changed since they were last written."""
        for exchange in exchanges:
            if self._written.get(exchange.id) != exchange:
                self._written[exchange.id] = exchange
                self._line(_to_json(self._redactor.exchange(exchange)))

    def close(self) -> None:
        self._file.close()

    def _line(self, value: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(value) + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_recording(path: Path) -> Recording:
    """Read a file that a `Recorder` wrote.

    Raises:
        ScenarioError: the file cannot be read, is no recording, has another version, or a line
            other than a torn last one is damaged.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ScenarioError(
            "the recording cannot be read", where=str(path), seen=error.strerror or str(error)
        ) from error
    whole, _, rest = raw.rpartition(b"\n")
    lines = whole.split(b"\n")
    head = _read_line(path, 1, lines[0], _read_head)
    found: dict[str, Exchange] = {}
    for number, line in enumerate(lines[1:], 2):
        exchange = _read_line(path, number, line, _from_json)
        found[exchange.id] = exchange
    return Recording(tuple(found.values()), redacted=head, torn=bool(rest))


def _read_line(path: Path, number: int, line: bytes, read: Callable[[Any], T]) -> T:
    try:
        return read(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScenarioError(
            "this is no line of a recording",
            where=f"{path}:{number}",
            seen=f"{type(error).__name__}: {error}",
            expected=f"recording version {VERSION}",
        ) from error


def _read_head(fields: Any) -> bool:
    if fields["recording"] != VERSION:
        raise ValueError(f"version {fields['recording']!r}")
    return bool(fields["redacted"])


def _to_json(exchange: Exchange) -> dict[str, Any]:
    request, response, stack = exchange.request, exchange.response, exchange.stack
    return {
        "id": exchange.id,
        "kind": exchange.kind,
        "seen_by": list(exchange.seen_by),
        "host": exchange.host,
        "port": exchange.port,
        "started_s": exchange.started_s,
        "request": {"method": request.method, "url": request.url, **_message(request)},
        "response": response and {"status": response.status, **_message(response)},
        "stack": {"frames": list(stack.frames), "origins": [list(each) for each in stack.origins]},
        "process": exchange.process,
        "package": exchange.package,
        "index": exchange.index,
        "source": exchange.source,
    }


def _message(message: Request | Response) -> dict[str, Any]:
    body = message.body
    return {
        "headers": [list(header) for header in message.headers],
        "body": {
            "data": b64encode(body.data).decode("ascii"),
            "size_bytes": body.size_bytes,
            "unread": body.unread,
        },
        "http_version": message.http_version,
    }


def _from_json(fields: Any) -> Exchange:
    request, response, stack = fields["request"], fields["response"], fields["stack"]
    return Exchange(
        id=fields["id"],
        kind=Kind(fields["kind"]),
        seen_by=tuple(map(Layer, fields["seen_by"])),
        host=fields["host"],
        port=fields["port"],
        started_s=fields["started_s"],
        request=Request(request["method"], request["url"], **_message_fields(request)),
        response=response and Response(response["status"], **_message_fields(response)),
        stack=Stack(tuple(stack["frames"]), tuple(tuple(each) for each in stack["origins"])),
        process=fields["process"],
        package=fields["package"],
        index=fields["index"],
        source=fields["source"],
    )


def _message_fields(fields: Any) -> dict[str, Any]:
    body = fields["body"]
    return {
        "headers": tuple((name, value) for name, value in fields["headers"]),
        "body": Body(b64decode(body["data"], validate=True), body["size_bytes"], body["unread"]),
        "http_version": fields["http_version"],
    }
