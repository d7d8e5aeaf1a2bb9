"""The proxy's hooks: answer what the app sends, and put it on record first.

Input: mitmproxy's events (its addon interface). Output: answers to the app, lines of `record`. In
`canned` mode nothing is ever connected to but the WebSocket sink of this process: HTTP is answered
here, other protocols end in a `SilentLayer`, and `server_connect` refuses whatever is left. Names
are never resolved, since only an outgoing connection would need that. In `live` mode all goes out.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

from mitmproxy import connection, http, tcp, tls
from mitmproxy.proxy import layer, layers, server_hooks
from mitmproxy.proxy.context import Context
from mitmproxy.websocket import WebSocketMessage

from harness.virtual.internet.answers import AnswerBook, read_answers
from harness.virtual.internet.record import Recorder, Where, body, header_list
from harness.virtual.internet.replies import Reply, reply
from harness.virtual.internet.sink import SilentLayer, WebSocketSink

CANNED, LIVE = "canned", "live"


@dataclass
class Policy:
    """How requests are answered now; switched between scenarios."""

    mode: str = CANNED
    book: AnswerBook = field(default_factory=lambda: AnswerBook({}))

    def switch(self, dirs: list[str], live: bool) -> None:
        """Raises ScenarioError, and changes nothing, when a folder is wrong."""
        self.book = read_answers([Path(name) for name in dirs])
        self.mode = LIVE if live else CANNED


class Witness:
    """The addon. One per proxy."""

    def __init__(self, recorder: Recorder, policy: Policy, sink: WebSocketSink) -> None:
        self._recorder = recorder
        self._policy = policy
        self._sink = sink
        self._requested: set[str] = set()
        self._sources: dict[str, str] = {}
        self._chunks: dict[str, int] = {}
        self._silent: dict[str, Where] = {}

    @property
    def _live(self) -> bool:
        return self._policy.mode == LIVE

    # which protocol

    def next_layer(self, next_layer: layer.NextLayer) -> None:
        """After mitmproxy's own choice: nothing that would connect by itself."""
        chosen = next_layer.layer
        if not self._live and isinstance(chosen, layers.TCPLayer | layers.DNSLayer):
            # mitmproxy's constructors put themselves on the context's stack; ours must not stack up
            next_layer.context.layers.remove(chosen)
            next_layer.layer = SilentLayer(next_layer.context, self._chunk)

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """The one way out of this process."""
        to_sink = data.server.address == ("127.0.0.1", self._sink.port)
        if self._live or to_sink:
            return
        error = "nothing leaves the virtual internet"
        data.server.error = error
        host, port = (data.server.address or ("", 0))[:2]
        where = Where(str(host).lower(), port, data.client.tls, data.client.sni, data.client.id)
        self._recorder.write("refused", time.time(), id=data.client.id, where=where, error=error)

    def server_connect_error(self, data: server_hooks.ServerConnectionHookData) -> None:
        if self._live:
            host, port = (data.server.address or ("", 0))[:2]
            where = Where(str(host).lower(), port, data.client.tls, data.client.sni, data.client.id)
            error = data.server.error or "no connection"
            self._recorder.write(
                "refused", time.time(), id=data.client.id, where=where, error=error
            )

    # HTTP

    async def request(self, flow: http.HTTPFlow) -> None:
        self._record_request(flow, "")
        if self._live:
            self._sources[flow.id] = LIVE
            return
        wanted = flow.request
        headers = {name.lower(): value for name, value in wanted.headers.items()}
        answer = reply(self._policy.book, wanted.pretty_host, wanted.method, wanted.path, headers)
        if answer.delay_s:
            await asyncio.sleep(answer.delay_s)
        if answer.source == "default" and headers.get("upgrade", "").lower() == "websocket":
            self._sources[flow.id] = "websocket"
            wanted.scheme, wanted.host, wanted.port = "http", "127.0.0.1", self._sink.port
            wanted.headers["Host"] = headers.get("host", "")
            return
        self._sources[flow.id] = answer.source
        flow.response = _response(answer, head=wanted.method == "HEAD")

    def response(self, flow: http.HTTPFlow) -> None:
        got = flow.response
        if got is None:
            return
        self._recorder.write(
            "response",
            got.timestamp_end or time.time(),
            id=flow.id,
            status=got.status_code,
            http_version=got.http_version,
            headers=header_list(got.headers.fields),
            body=body(got.raw_content or b""),
            source=self._sources.pop(flow.id, self._policy.mode),
        )
        self._requested.discard(flow.id)

    def error(self, flow: http.HTTPFlow) -> None:
        error = flow.error.msg if flow.error else "broken off"
        if flow.id not in self._requested and flow.request.timestamp_end is None:
            self._record_request(flow, f"request broken off: {error}")
        self._recorder.write("failed", time.time(), id=flow.id, where=_of(flow), error=error)
        self._requested.discard(flow.id)
        self._sources.pop(flow.id, None)

    def _record_request(self, flow: http.HTTPFlow, unread: str) -> None:
        sent = flow.request
        self._requested.add(flow.id)
        self._silent.pop(flow.client_conn.id, None)
        self._recorder.write(
            "request",
            sent.timestamp_start,
            id=flow.id,
            where=_of(flow),
            method=sent.method,
            url=sent.pretty_url,
            http_version=sent.http_version,
            headers=header_list((*sent.headers.fields, *_trailers(sent))),
            body=body(None if unread else sent.raw_content or b"", unread),
        )

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        assert flow.websocket is not None
        message: WebSocketMessage = flow.websocket.messages[-1]
        self._recorder.write(
            "websocket",
            message.timestamp,
            id=flow.id,
            n=len(flow.websocket.messages) - 1,
            from_client=message.from_client,
            type="text" if message.is_text else "binary",
            body=body(message.content),
        )

    # everything else

    def _chunk(self, context: Context, data: bytes) -> None:
        self._stream(_where(context), data, from_client=True)

    def tcp_message(self, flow: tcp.TCPFlow) -> None:
        """Only in live mode; see `next_layer`."""
        message = flow.messages[-1]
        host, port = (flow.server_conn.address or ("", 0))[:2]
        client = flow.client_conn
        where = Where(str(host).lower(), port, client.tls, client.sni, client.id)
        self._stream(where, message.content, message.from_client)

    def _stream(self, where: Where, data: bytes, from_client: bool) -> None:
        self._silent.pop(where.connection, None)
        n = self._chunks.get(where.connection, 0)
        self._chunks[where.connection] = n + 1
        self._recorder.write(
            "stream",
            time.time(),
            id=where.connection,
            where=where,
            n=n,
            from_client=from_client,
            body=body(data),
        )

    def tls_established_client(self, data: tls.TlsData) -> None:
        self._silent[data.context.client.id] = _where(data.context)

    def client_disconnected(self, client: connection.Client) -> None:
        """An app that pins certificates may end a good handshake and only then hang up."""
        self._chunks.pop(client.id, None)
        where = self._silent.pop(client.id, None)
        if where is not None:
            error = "the app hung up after the TLS handshake without a word (pinned certificate?)"
            self._recorder.write("tls-failed", time.time(), id=client.id, where=where, error=error)

    def tls_failed_client(self, data: tls.TlsData) -> None:
        where = _where(data.context)
        error = data.conn.error or "the app broke off the handshake"
        self._recorder.write(
            "tls-failed", time.time(), id=where.connection, where=where, error=error
        )


class RefusalLog(logging.Handler):
    """Puts on record what the proxy refuses before it knows a destination; it only logs that."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if any(start in text for start in _REFUSALS):
            where = Where("", 0, False, None, "")
            self._recorder.write("refused", record.created, id="", where=where, error=text)


_REFUSALS = ("Unsupported SOCKS5 request", "Unknown address type")
"""Starts of mitmproxy's messages (`proxy/layers/modes.py`): UDP, BIND, unknown addresses."""


def _where(context: Context) -> Where:
    host, port = (context.server.address or ("", 0))[:2]
    client = context.client
    return Where(str(host).lower(), port, client.tls, client.sni, client.id)


def _of(flow: http.HTTPFlow) -> Where:
    host, port = (flow.server_conn.address or (flow.request.host, flow.request.port))[:2]
    client = flow.client_conn
    return Where(str(host).lower(), port, client.tls, client.sni, client.id)


def _trailers(sent: http.Request) -> tuple[tuple[bytes, bytes], ...]:
    """They are headers that come after the body, and may hold what headers hold."""
    return sent.trailers.fields if sent.trailers else ()


def _response(answer: Reply, head: bool) -> http.Response:
    fields = [(name.encode(), value.encode()) for name, value in answer.headers]
    response = http.Response.make(answer.status, b"" if head else answer.content, fields)
    if answer.status not in (204, 304):
        response.headers["Content-Length"] = str(len(answer.content))
    return response
