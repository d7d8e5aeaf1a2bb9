"""Pipes between commands: back-pressure, ends, put-back."""

from __future__ import annotations

import asyncio

import pytest

from harness.virtual.shell.pipes import PIPE_BYTES, Buffer, Pipe, discard


def test_a_writer_waits_for_its_reader() -> None:
    async def scenario() -> None:
        pipe = Pipe()
        await pipe.write(b"x" * PIPE_BYTES)
        blocked = asyncio.create_task(pipe.write(b"y"))
        await asyncio.sleep(0)
        assert not blocked.done()
        assert len(await pipe.read()) == PIPE_BYTES
        await asyncio.wait_for(blocked, 1)
        pipe.close()
        assert await pipe.read_all() == b"y"

    asyncio.run(scenario())


def test_writing_to_an_abandoned_pipe_breaks() -> None:
    async def scenario() -> None:
        pipe = Pipe()
        await pipe.write(b"x" * PIPE_BYTES)
        blocked = asyncio.create_task(pipe.write(b"y"))
        await asyncio.sleep(0)
        pipe.abandon()
        with pytest.raises(BrokenPipeError):
            await blocked

    asyncio.run(scenario())


def test_lines_and_exact_amounts() -> None:
    async def scenario() -> None:
        pipe = Pipe.of(b"one\ntwo\nthree")
        assert await pipe.read_line() == b"one\n"
        assert await pipe.read_exactly(2) == b"tw"
        assert await pipe.read_line() == b"o\n"
        assert await pipe.read_exactly(99) == b"three"
        assert await pipe.read_line() == b""

    asyncio.run(scenario())


def test_sinks() -> None:
    async def scenario() -> bytes:
        buffer = Buffer()
        await buffer.write(b"a")
        await buffer.write(b"b")
        await discard(b"c")
        return buffer.data

    assert asyncio.run(scenario()) == b"ab"
