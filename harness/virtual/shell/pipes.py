"""How commands read and write: pipes with back-pressure, and sinks.

A `Sink` is anything awaitable that takes bytes. A `Pipe` joins a writer with a reader inside one
event loop; `read` gives b"" at the end, `write` raises `BrokenPipeError` when nobody will read.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Sink = Callable[[bytes], Awaitable[None]]

PIPE_BYTES = 1024 * 1024


class Pipe:
    """A bounded byte queue with one reader."""

    def __init__(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._size_bytes = 0
        self._ended = False
        self._abandoned = False
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()

    @classmethod
    def of(cls, data: bytes) -> Pipe:
        """A pipe that holds `data` and is at its end after it."""
        pipe = cls()
        if data:
            pipe._put_back(data)
        pipe._ended = True
        return pipe

    async def write(self, data: bytes) -> None:
        while self._size_bytes >= PIPE_BYTES and not (self._abandoned or self._ended):
            self._writable.clear()
            await self._writable.wait()
        if self._abandoned or self._ended:
            raise BrokenPipeError
        if data:
            self._chunks.append(data)
            self._size_bytes += len(data)
            self._readable.set()

    async def read(self) -> bytes:
        """Some bytes; b"" at the end."""
        while not self._chunks:
            if self._ended:
                return b""
            self._readable.clear()
            await self._readable.wait()
        chunk = self._chunks.popleft()
        self._size_bytes -= len(chunk)
        self._writable.set()
        return chunk

    async def read_all(self) -> bytes:
        """Everything until the end."""
        parts = []
        while chunk := await self.read():
            parts.append(chunk)
        return b"".join(parts)

    async def read_exactly(self, size_bytes: int) -> bytes:
        """`size_bytes` bytes, fewer at the end; what is too much is put back."""
        parts: list[bytes] = []
        missing = size_bytes
        while missing and (chunk := await self.read()):
            if len(chunk) > missing:
                self._put_back(chunk[missing:])
                chunk = chunk[:missing]
            parts.append(chunk)
            missing -= len(chunk)
        return b"".join(parts)

    async def read_line(self) -> bytes:
        """One line with its end; the last one may lack it; b"" at the end."""
        line = bytearray()
        while chunk := await self.read():
            head, newline, tail = chunk.partition(b"\n")
            line += head + newline
            if newline:
                if tail:
                    self._put_back(tail)
                break
        return bytes(line)

    def close(self) -> None:
        """The writer is done."""
        self._ended = True
        self._readable.set()
        self._writable.set()

    def abandon(self) -> None:
        """The reader is done."""
        self._abandoned = True
        self._chunks.clear()
        self._size_bytes = 0
        self._writable.set()

    def _put_back(self, chunk: bytes) -> None:
        self._chunks.appendleft(chunk)
        self._size_bytes += len(chunk)


class Buffer:
    """A sink that keeps everything."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    async def write(self, data: bytes) -> None:
        self._parts.append(data)

    @property
    def data(self) -> bytes:
        return b"".join(self._parts)


async def discard(data: bytes) -> None:
    """The sink behind /dev/null."""
