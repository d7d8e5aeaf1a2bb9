"""The witness record: what the virtual internet saw, one JSON object a line.

Input: what the proxy's hooks report. Output: a file (mode 0600) that grows by whole lines, each
flushed to the file before the app gets its answer; so a reader that starts after the app saw a
response also sees the request. A last line without its line feed is still being written: leave it.
This module formats and appends; it never reads back and never judges.

Every line has `event`, `time_s` (Unix seconds, host clock) and, except `start`, `answers` and
`uncontained`, `id`.
Bodies are `{"data": base64, "size_bytes": n, "unread": ""}`: `data` holds the bytes as they
travelled (transfer coding removed, content coding kept), `unread` says why some are missing.
`where` is `{"host", "port", "tls", "sni", "connection"}`: the name that the app asked the proxy
for, the server name it asked for in TLS (null without), and an id shared by everything on one
connection. Events:

    start       {"version": 1, "mode": "canned"|"live"}          first line of each start
    answers     {"dirs": [...], "mode": ...}                     answer folders were switched
    request     {"where", "method", "url", "http_version", "headers": [[name, value]], "body"}
                `url` is absolute, its authority is the Host header (or :authority) if there is
                one, else `where.host`
    response    {"status", "http_version", "headers", "body", "source"}     same `id` as request;
                `source`: `FILE:LINE` of the entry, `default`, `preflight`, `websocket` or `live`
    failed      {"where", "error"}    the exchange with this `id` broke off; if that was before the
                end of the request, its `request` line has an unread body
    websocket   {"n", "from_client", "type": "text"|"binary", "body"}       `id` of its handshake
    stream      {"where", "n", "from_client", "body"}   bytes on a connection that is not HTTP, one
                line per chunk, `id` is the connection's; under TLS the decrypted bytes
    tls-failed  {"where", "error"}    the app broke off the handshake, or hung up after it without a
                word; both is what certificate pinning looks like
    refused     {"where", "error"}    the proxy did not let a connection through (`where.host` is
                "" if the app got no further than asking)
    attempt     {"where", "package", "kind", "error", "trace": [frame]}    an app tried to go past
                the proxy and was refused (written by the device; `harness.virtual.host.Attempt`)
    uncontained {"error"}    the device cannot hold its apps below Java on this machine, nor record
                what they send there (no `id`)
    lookup      same as `attempt`; an app looked a name up, which a phone asks a name server for

Example:

    {"event": "request", "time_s": 1767225600.25, "id": "7f..", "where": {"host": "t.example",
     "port": 443, "tls": true, "sni": "t.example", "connection": "c1.."}, "method": "POST",
     "url": "https://t.example/e?v=1", "http_version": "HTTP/2.0", "headers": [["content-type",
     "application/json"]], "body": {"data": "eyJxIjoiaMOpcGF0aXRlIn0=", "size_bytes": 17,
     "unread": ""}}
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

VERSION = 1

MAX_BODY_BYTES = 8 * 1024 * 1024
"""Longer bodies are cut, and the record says so."""


@dataclass(frozen=True, slots=True)
class Where:
    """The connection something was seen on; see the module's docstring."""

    host: str
    port: int
    tls: bool
    sni: str | None
    connection: str


def body(data: bytes | None, unread: str = "") -> dict[str, Any]:
    """A body as the record writes it; None means that no byte of it could be had."""
    if data is None:
        return {"data": "", "size_bytes": 0, "unread": unread or "body not available"}
    kept = data[:MAX_BODY_BYTES]
    if len(kept) < len(data) and not unread:
        unread = f"cut at {MAX_BODY_BYTES} bytes"
    return {"data": b64encode(kept).decode("ascii"), "size_bytes": len(data), "unread": unread}


def header_list(fields: Iterable[tuple[bytes, bytes]]) -> list[list[str]]:
    """Header fields in the order sent; bytes above ASCII survive as Latin-1 or UTF-8 text."""
    return [[_text(name), _text(value)] for name, value in fields]


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class Recorder:
    """Appends events to a record file.

    Raises:
        OSError: the file cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")

    def write(self, event: str, time_s: float, **fields: Any) -> None:
        """Append one line; `Where` values may be passed as they are."""
        line = {"event": event, "time_s": round(time_s, 6)}
        for name, value in fields.items():
            line[name] = asdict(value) if isinstance(value, Where) else value
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
