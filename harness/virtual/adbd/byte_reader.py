"""Exact amounts of bytes out of a stream that delivers pieces of any size."""

from __future__ import annotations

from harness.virtual.adbd.stream import Stream


class ByteReader:
    """Cuts a stream without copying a block that lies within one piece twice."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._piece = memoryview(b"")

    async def exactly(self, size_bytes: int) -> bytes:
        """The next `size_bytes`. Raises `EOFError` when the stream ends before."""
        if len(self._piece) >= size_bytes:
            return self._cut(size_bytes)
        parts: list[bytes] = []
        missing = size_bytes
        while missing:
            if not self._piece:
                self._piece = memoryview(await self._stream.read())
                if not self._piece:
                    raise EOFError(f"{missing} of {size_bytes} bytes are missing")
            part = self._cut(min(missing, len(self._piece)))
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    async def some(self) -> bytes:
        """What is at hand or comes next; b"" at the end."""
        if self._piece:
            return self._cut(len(self._piece))
        return await self._stream.read()

    def _cut(self, size_bytes: int) -> bytes:
        part = bytes(self._piece[:size_bytes])
        self._piece = self._piece[size_bytes:]
        return part
