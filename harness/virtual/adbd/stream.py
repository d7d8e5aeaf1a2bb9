"""One stream of an adb connection, as services use it.

`read` and `write` are bytes with back-pressure in both directions: the host's next packet is only
asked for while less than `READ_AHEAD_BYTES` wait here (one that sends much more unasked loses the
stream), and `write` returns when the host has taken the data. After either side closed, `read`
gives what is left and then b"", `write` raises `StreamClosed`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

READ_AHEAD_BYTES = 4 * 1024 * 1024
OVERRUN_BYTES = 4 * READ_AHEAD_BYTES
"""A host that goes on sending without being asked is cut off here."""


class StreamClosed(Exception):
    """The other side has ended this stream."""


class StreamOwner(Protocol):
    """The connection, as a stream needs it."""

    @property
    def max_payload_bytes(self) -> int:
        """Upper limit of one WRTE."""

    async def send_data(self, stream_id: int, data: bytes) -> None:
        """Queue one WRTE and wait while the socket is full."""

    def send_ready(self, stream_id: int) -> None:
        """Queue one OKAY."""

    def send_close(self, stream_id: int) -> None:
        """Queue one CLSE."""

    async def open_stream(self, service: bytes) -> Stream | None:
        """Ask the host for a service of its own; None when it refuses."""

    def on_end(self, callback: Callable[[], None]) -> None:
        """Call `callback` when the connection ends."""


class Stream:
    """Both directions of one opened service."""

    def __init__(self, owner: StreamOwner, stream_id: int) -> None:
        self.owner = owner
        self._id = stream_id
        self._chunks: deque[bytes] = deque()
        self._buffered_bytes = 0
        self._owed_ready = False
        self._arrived = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._write_lock = asyncio.Lock()
        self.closed = asyncio.Event()

    async def read(self) -> bytes:
        """Some bytes, at least one; b"" at the end."""
        while not self._chunks:
            if self.closed.is_set():
                return b""
            self._arrived.clear()
            await self._arrived.wait()
        chunk = self._chunks.popleft()
        self._buffered_bytes -= len(chunk)
        if self._owed_ready and self._buffered_bytes < READ_AHEAD_BYTES:
            self._owed_ready = False
            self.owner.send_ready(self._id)
        return chunk

    async def write(self, data: bytes) -> None:
        """Send all of `data`. Raises `StreamClosed`."""
        async with self._write_lock:
            size = self.owner.max_payload_bytes
            for start in range(0, len(data), size):
                await self._may_write.wait()
                if self.closed.is_set():
                    raise StreamClosed
                self._may_write.clear()
                chunk = data if len(data) <= size else data[start : start + size]
                await self.owner.send_data(self._id, chunk)
            await self._may_write.wait()

    def close(self) -> None:
        """End the stream from our side."""
        if not self.closed.is_set():
            self._end()
            self.owner.send_close(self._id)

    def push(self, data: bytes) -> None:
        """The connection delivers what the host sent."""
        if data:
            self._chunks.append(data)
            self._buffered_bytes += len(data)
            self._arrived.set()
        if self._buffered_bytes < READ_AHEAD_BYTES:
            self.owner.send_ready(self._id)
        elif self._buffered_bytes < OVERRUN_BYTES:
            self._owed_ready = True
        else:
            self._chunks.clear()
            self.close()

    def acknowledged(self) -> None:
        """The connection says that the host took the last write."""
        self._may_write.set()

    def closed_by_host(self) -> None:
        """The connection says that the host ended the stream, or is gone."""
        self._end()

    def _end(self) -> None:
        self.closed.set()
        self._arrived.set()
        self._may_write.set()
