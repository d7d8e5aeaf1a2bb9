"""The rim of adbd: a TCP listener on loopback, one `Link` per connection, one task per stream.

A connection that breaks the protocol is closed; others do not notice. When the host goes away in
the middle, its sessions are cancelled. What a session raises ends its stream and is logged. A
connection of another user of this machine is closed without a word.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from harness.virtual.adbd import link as events
from harness.virtual.adbd.link import Link
from harness.virtual.adbd.owner import may_connect
from harness.virtual.adbd.packet import (
    CNXN,
    HEADER_BYTES,
    MAX_PAYLOAD_BYTES,
    VERSION_NO_CHECKSUM,
    Packet,
    ProtocolFault,
    check_payload,
    encode_header,
    parse_header,
)
from harness.virtual.adbd.service import Services
from harness.virtual.adbd.stream import Stream, StreamClosed

LOOPBACK = "127.0.0.1"
_READ_LIMIT_BYTES = 2 * MAX_PAYLOAD_BYTES

log = logging.getLogger(__name__)


class AdbServer:
    """Listens for adb servers.

    Args:
        banner: called at each connection; what CNXN announces.
        services: what streams can be opened.
    """

    def __init__(self, banner: Callable[[], str], services: Services) -> None:
        self._banner = banner
        self._services = services
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()

    async def start(self, port: int = 0) -> int:
        """Listen on loopback; the port. Raises `OSError` when it is taken."""
        self._server = await asyncio.start_server(
            self._serve, LOOPBACK, port, limit=_READ_LIMIT_BYTES
        )
        actual: int = self._server.sockets[0].getsockname()[1]
        return actual

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self.disconnect_all()

    async def disconnect_all(self) -> None:
        """Drop every connection, as a restart of adbd does."""
        connections = list(self._connections)
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.ended.wait() for connection in connections))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer, ours = (writer.get_extra_info(name) for name in ("peername", "sockname"))
        if not await asyncio.to_thread(may_connect, peer, ours):
            log.warning("refused a connection of another user, from port %d", peer[1])
            writer.close()
            return
        connection = Connection(Link(self._banner()), self._services, reader, writer)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)


class Connection:
    """One adb server that is connected to this device."""

    def __init__(
        self,
        link: Link,
        services: Services,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._link = link
        self._services = services
        self._reader = reader
        self._writer = writer
        self._streams: dict[int, Stream] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked: dict[int, asyncio.Future[bool]] = {}
        self._at_end: list[Callable[[], None]] = []
        self.ended = asyncio.Event()

    @property
    def max_payload_bytes(self) -> int:
        return self._link.max_payload_bytes

    def abort(self) -> None:
        """Close the socket without a word."""
        transport = self._writer.transport
        transport.abort()

    async def run(self) -> None:
        """Serve until the host goes away or breaks the protocol."""
        try:
            while True:
                self._handle(await self._read_packet())
                await self._writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            log.debug("host disconnected")
        except ProtocolFault as fault:
            log.warning("connection closed: %s", fault)
        finally:
            await self._end()

    async def send_data(self, stream_id: int, data: bytes) -> None:
        self._link.write(stream_id, data)
        self._flush()
        with contextlib.suppress(ConnectionError):  # the reader notices and ends everything
            await self._writer.drain()

    def send_ready(self, stream_id: int) -> None:
        self._link.acknowledge(stream_id)
        self._flush()

    def send_close(self, stream_id: int) -> None:
        self._streams.pop(stream_id, None)
        self._link.close(stream_id)
        self._flush()

    async def open_stream(self, service: bytes) -> Stream | None:
        stream_id = self._link.ask(service)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked[stream_id] = answer
        stream = self._streams[stream_id] = Stream(self, stream_id)
        self._flush()
        try:
            accepted = await answer
        finally:
            self._asked.pop(stream_id, None)
        if accepted:
            return stream
        self._streams.pop(stream_id, None)
        return None

    def on_end(self, callback: Callable[[], None]) -> None:
        self._at_end.append(callback)

    async def _read_packet(self) -> Packet:
        header = parse_header(await self._reader.readexactly(HEADER_BYTES))
        payload = await self._reader.readexactly(header.size_bytes) if header.size_bytes else b""
        modern_connect = header.command == CNXN and header.arg0 >= VERSION_NO_CHECKSUM
        if self._link.checksums and not modern_connect:
            check_payload(header, payload)
        return Packet(header.command, header.arg0, header.arg1, payload)

    def _handle(self, packet: Packet) -> None:
        for event in self._link.receive(packet):
            match event:
                case events.Opened(stream_id, service):
                    self._spawn(self._open(stream_id, service))
                case events.Answered(stream_id, accepted):
                    if (answer := self._asked.get(stream_id)) and not answer.done():
                        answer.set_result(accepted)
                case events.Received(stream_id, data):
                    self._streams[stream_id].push(data)
                case events.Acknowledged(stream_id):
                    if stream_id in self._streams:
                        self._streams[stream_id].acknowledged()
                case events.Closed(stream_id):
                    if stream := self._streams.pop(stream_id, None):
                        stream.closed_by_host()
                case events.Connected(banner):
                    log.info("host connected: %s", banner)
        self._flush()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, stream_id: int, service: bytes) -> None:
        try:
            session = await self._services.open(service)
        except Exception:
            log.exception("opening %r failed", service)
            session = None
        if session is None:
            log.info("refused service %r", service)
            self._link.refuse(stream_id)
            self._flush()
            return
        stream = Stream(self, stream_id)
        if not self._link.accept(stream_id):
            return  # the host gave up meanwhile
        self._streams[stream_id] = stream
        self._flush()
        try:
            await session(stream)
        except StreamClosed:
            log.debug("host closed %r", service)
        except Exception:
            log.exception("service %r failed", service)
        finally:
            stream.close()

    def _flush(self) -> None:
        pending, self._link.outgoing = self._link.outgoing, []
        if self._writer.is_closing():
            return
        for packet in pending:
            checksum = self._link.checksums or packet.command == CNXN
            self._writer.write(encode_header(packet, with_checksum=checksum))
            if packet.payload:
                self._writer.write(packet.payload)

    async def _end(self) -> None:
        for stream in self._streams.values():
            stream.closed_by_host()
        self._streams.clear()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_result(False)
        for callback in self._at_end:
            callback()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        self.ended.set()
