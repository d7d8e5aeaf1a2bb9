"""Streams joined with sockets: `tcp:PORT` towards the device, `reverse:` towards the host.

`tcp:` reaches only ports that the device owns, given as a table from device port to a real loopback
port; anything else is refused, as a connection to a closed port is. `localabstract:` and its like
have nothing behind them yet and are refused in the same way.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from harness.virtual.adbd.service import Opener, Session, argument
from harness.virtual.adbd.stream import Stream, StreamClosed

LOOPBACK = "127.0.0.1"
_READ_BYTES = 256 * 1024

ClientHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PortTable = Callable[[int], int | None]
"""Device port -> real port on loopback, None when nothing listens there."""


def tcp(ports: PortTable) -> Opener:
    """The service `tcp:PORT` (also `tcp:PORT:HOST` for the loopback names)."""

    async def opener(service: bytes) -> Session | None:
        number, _, host = argument(service).partition(":")
        real = ports(int(number)) if number.isascii() and number.isdigit() else None
        if real is None or host not in ("", LOOPBACK, "localhost"):
            return None
        try:
            reader, writer = await asyncio.open_connection(LOOPBACK, real, limit=_READ_BYTES)
        except OSError:
            return None

        async def session(stream: Stream) -> None:
            await join(stream, reader, writer)

        return session

    return opener


async def join(stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes both ways until one side ends."""

    async def inward() -> None:
        while data := await stream.read():
            writer.write(data)
            await writer.drain()

    async def outward() -> None:
        while data := await reader.read(_READ_BYTES):
            await stream.write(data)

    tasks = [asyncio.create_task(inward()), asyncio.create_task(outward())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            expected = ConnectionError, StreamClosed, asyncio.CancelledError
            if isinstance(outcome, BaseException) and not isinstance(outcome, expected):
                raise outcome
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
