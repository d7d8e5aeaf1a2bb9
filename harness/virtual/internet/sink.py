"""Where bytes end that have no answer: a layer for raw connections, a server for WebSockets.

`SilentLayer` takes what the app sends on a connection that is not HTTP, reports each chunk, says
nothing and never opens a connection of its own. `WebSocketSink` listens on loopback, accepts every
handshake (the first subprotocol offered) and message, answers pings and closes; the proxy leads
WebSocket requests to it, since it needs somebody to speak to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Ping,
    Request,
)

Chunk = Callable[[Context, bytes], None]


class SilentLayer(layer.Layer):
    """Swallows one connection."""

    def __init__(self, context: Context, report: Chunk) -> None:
        super().__init__(context)
        self._report = report

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if isinstance(event, events.DataReceived) and event.connection is self.context.client:
            self._report(self.context, event.data)
        if isinstance(event, events.ConnectionClosed):
            yield commands.CloseConnection(self.context.client)


class WebSocketSink:
    """The server; `port` is 0 until it is started."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = WSConnection(ConnectionType.SERVER)
        try:
            while data := await reader.read(65536):
                connection.receive_data(data)
                for event in connection.events():
                    response = _answer(event)
                    if response is not None:
                        writer.write(connection.send(response))
                    if isinstance(event, CloseConnection):
                        return
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the app hung up, which is its right
        finally:
            writer.close()


def _answer(event: Event) -> Event | None:
    if isinstance(event, Request):
        return AcceptConnection(subprotocol=next(iter(event.subprotocols), None))
    if isinstance(event, Ping | CloseConnection):
        return event.response()
    return None
