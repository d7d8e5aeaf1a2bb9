"""`jdwp:<pid>`, `jdwp` and `track-jdwp`: the door for debuggers.

A debugger that completes the handshake counts as attached; then the process is told (which opens
its wait-for-debugger gate) and the stream goes on as a minimal JDWP target: it says its version and
id sizes, takes suspend and resume without effect, and answers every other command with
NOT_IMPLEMENTED (99). Breakpoints and inspection are not offered. Packet layout: JDWP
specification, 11-byte big-endian header.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from typing import Protocol

from harness.virtual.adbd.byte_reader import ByteReader
from harness.virtual.adbd.service import Opener, Session, argument
from harness.virtual.adbd.stream import Stream

HANDSHAKE = b"JDWP-Handshake"
NOT_IMPLEMENTED = 99

_HEADER = struct.Struct(">IIBBB")
_REPLY = struct.Struct(">IIBH")
_REPLY_FLAG = 0x80
_MAX_PACKET_BYTES = 16 * 1024 * 1024


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">I", len(data)) + data


_DISPOSE = (1, 6)
_ANSWERS = {
    (1, 1): _text("leak-harness virtual device")
    + struct.pack(">II", 1, 8)
    + _text("0")
    + _text("Dalvik"),
    (1, 7): struct.pack(">IIIII", *[8] * 5),
    (1, 8): b"",
    (1, 9): b"",
    _DISPOSE: b"",
}
"""(command set, command) -> body: Version, IDSizes, Suspend, Resume, Dispose."""


class Debuggees(Protocol):
    """The running processes that a debugger may attach to."""

    def pids(self) -> list[int]:
        """All of them, ascending."""

    async def attached(self, pid: int) -> None:
        """A debugger has completed its handshake."""

    def generation(self) -> int:
        """A number that grows with every change of `pids`."""

    async def changed(self, since: int) -> None:
        """Return when `generation` is no longer `since`."""


def attach(debuggees: Debuggees) -> Opener:
    """The service `jdwp:<pid>`; without a pid it lists, once."""

    async def opener(service: bytes) -> Session | None:
        if b":" not in service:
            return _list_once(debuggees)
        number = argument(service)
        pid = int(number) if number.isascii() and number.isdigit() else -1
        if pid not in debuggees.pids():
            return None

        async def session(stream: Stream) -> None:
            await converse(stream, lambda: debuggees.attached(pid))

        return session

    return opener


def track(debuggees: Debuggees) -> Opener:
    """`track-jdwp`: the list now and at each change, each with its length in four hex digits."""

    async def session(stream: Stream) -> None:
        ended = asyncio.create_task(stream.closed.wait())
        try:
            while not ended.done():
                generation = debuggees.generation()
                text = _listing(debuggees)
                await stream.write(f"{len(text):04x}{text}".encode())
                change = asyncio.create_task(debuggees.changed(generation))
                await asyncio.wait({ended, change}, return_when=asyncio.FIRST_COMPLETED)
                change.cancel()
        finally:
            ended.cancel()

    async def opener(service: bytes) -> Session | None:
        return session

    return opener


async def converse(stream: Stream, attached: Callable[[], Awaitable[None]]) -> None:
    """One debugger from handshake to end."""
    reader = ByteReader(stream)
    try:
        if await reader.exactly(len(HANDSHAKE)) != HANDSHAKE:
            return
        await stream.write(HANDSHAKE)
        await attached()
        while True:
            size, packet_id, flags, command_set, command = _HEADER.unpack(
                await reader.exactly(_HEADER.size)
            )
            if not _HEADER.size <= size <= _MAX_PACKET_BYTES:
                return
            await reader.exactly(size - _HEADER.size)
            if flags & _REPLY_FLAG:
                continue
            body = _ANSWERS.get((command_set, command))
            error = NOT_IMPLEMENTED if body is None else 0
            body = body or b""
            await stream.write(
                _REPLY.pack(_REPLY.size + len(body), packet_id, _REPLY_FLAG, error) + body
            )
            if (command_set, command) == _DISPOSE:
                return
    except EOFError:
        return


def _listing(debuggees: Debuggees) -> str:
    return "".join(f"{pid}\n" for pid in debuggees.pids())


def _list_once(debuggees: Debuggees) -> Session:
    async def session(stream: Stream) -> None:
        await stream.write(_listing(debuggees).encode())

    return session
