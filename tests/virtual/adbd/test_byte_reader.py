"""Exact amounts of bytes out of pieces of any size."""

from __future__ import annotations

import asyncio

import pytest

from harness.virtual.adbd.byte_reader import ByteReader
from harness.virtual.adbd.stream import Stream
from tests.virtual.adbd.test_stream import Owner


def test_exact_amounts() -> None:
    async def scenario() -> None:
        stream = Stream(Owner(), 1)
        reader = ByteReader(stream)
        for piece in (b"abc", b"", b"defgh"):
            stream.push(piece)
        assert await reader.exactly(2) == b"ab"
        assert await reader.exactly(4) == b"cdef"
        assert await reader.some() == b"gh"
        stream.close()
        with pytest.raises(EOFError):
            await reader.exactly(1)

    asyncio.run(scenario())
