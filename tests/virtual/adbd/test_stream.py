"""Back-pressure of a stream, without a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from harness.virtual.adbd.stream import READ_AHEAD_BYTES, Stream, StreamClosed


class Owner:
    max_payload_bytes = 10

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.ready = 0
        self.closed = 0

    async def send_data(self, stream_id: int, data: bytes) -> None:
        self.sent.append(data)

    def send_ready(self, stream_id: int) -> None:
        self.ready += 1

    def send_close(self, stream_id: int) -> None:
        self.closed += 1

    async def open_stream(self, service: bytes) -> Stream | None:
        return None

    def on_end(self, callback: Callable[[], None]) -> None:
        callback()


def test_one_packet_at_a_time() -> None:
    async def scenario() -> None:
        owner = Owner()
        stream = Stream(owner, 1)
        writing = asyncio.create_task(stream.write(b"x" * 25))
        for sent in (1, 2, 3):
            await asyncio.sleep(0)
            assert len(owner.sent) == sent
            stream.acknowledged()
            await asyncio.sleep(0)
        await writing
        assert [len(data) for data in owner.sent] == [10, 10, 5]

    asyncio.run(scenario())


def test_writing_to_a_closed_stream() -> None:
    async def scenario() -> None:
        stream = Stream(Owner(), 1)
        stream.closed_by_host()
        with pytest.raises(StreamClosed):
            await stream.write(b"x")
        assert await stream.read() == b""

    asyncio.run(scenario())


def test_more_is_asked_for_only_while_little_waits() -> None:
    async def scenario() -> None:
        owner = Owner()
        stream = Stream(owner, 1)
        stream.push(b"x" * (READ_AHEAD_BYTES - 1))
        assert owner.ready == 1
        stream.push(b"y")
        assert owner.ready == 1
        await stream.read()
        assert owner.ready == 2

    asyncio.run(scenario())
