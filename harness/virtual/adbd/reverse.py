"""`reverse:`: ports of the device that lead to the host that asked for them.

Requests: `forward:LOCAL;REMOTE`, `forward:norebind:LOCAL;REMOTE`, `killforward:LOCAL`,
`killforward-all`, `list-forward` (AOSP `adb/adb.cpp`, `handle_forward_request`). LOCAL must be
`tcp:PORT`; a connection to that port of the device opens REMOTE as a stream towards the host.
Answers: OKAY, after a chosen port with it as a sized text; FAIL with a sized text.

A device port is kept in the device's own table (reached by `tcp:PORT`), never opened under that
number on the machine: device and machine share one loopback interface and would collide. A forward
ends with the connection of the host that made it.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from harness.virtual.adbd import relay
from harness.virtual.adbd.service import Session, argument
from harness.virtual.adbd.stream import Stream, StreamOwner

_FIRST_CHOSEN_PORT = 30_000


@dataclass(frozen=True, slots=True)
class _Forward:
    remote: str
    owner: StreamOwner
    server: asyncio.Server
    real_port: int


def _sized(text: str) -> bytes:
    data = text.encode()
    return f"{len(data):04x}".encode() + data


class _Refused(Exception):
    """Answered as FAIL with this text."""


class Reverse:
    """The table of one device."""

    def __init__(self) -> None:
        self._forwards: dict[int, _Forward] = {}

    def port(self, device_port: int) -> int | None:
        """The real loopback port behind a device port."""
        forward = self._forwards.get(device_port)
        return forward.real_port if forward else None

    async def opener(self, service: bytes) -> Session | None:
        request = argument(service)

        async def session(stream: Stream) -> None:
            try:
                await stream.write(await self._answer(request, stream.owner))
            except _Refused as refused:
                await stream.write(b"FAIL" + _sized(str(refused)))

        return session

    async def _answer(self, request: str, owner: StreamOwner) -> bytes:
        verb, _, rest = request.partition(":")
        if request == "list-forward":
            lines = (
                f"UsbFfs tcp:{port} {f.remote}\n" for port, f in sorted(self._forwards.items())
            )
            return _sized("".join(lines))
        if request == "killforward-all":
            for port in list(self._forwards):
                self._remove(port)
            return b"OKAY"
        if verb == "killforward":
            port = _tcp_port(rest)
            if port not in self._forwards:
                raise _Refused(f"listener '{rest}' not found")
            self._remove(port)
            return b"OKAY"
        if verb == "forward":
            return await self._forward(rest, owner)
        raise _Refused(f"unknown reverse request '{request}'")

    async def _forward(self, rest: str, owner: StreamOwner) -> bytes:
        no_rebind = rest.startswith("norebind:")
        local, separator, remote = rest.removeprefix("norebind:").partition(";")
        if not separator or not remote:
            raise _Refused(f"bad forward: {rest}")
        port = _tcp_port(local)
        if no_rebind and port in self._forwards:
            raise _Refused("cannot rebind existing socket")
        chosen = port == 0
        if chosen:
            port = next(n for n in range(_FIRST_CHOSEN_PORT, 65536) if n not in self._forwards)
        if port in self._forwards:
            self._remove(port)
        server = await asyncio.start_server(_handler(remote, owner), relay.LOOPBACK, 0)
        real_port: int = server.sockets[0].getsockname()[1]
        self._forwards[port] = _Forward(remote, owner, server, real_port)
        owner.on_end(lambda: self._drop(port, server))
        return b"OKAY" + (_sized(str(port)) if chosen else b"")

    def _drop(self, port: int, server: asyncio.Server) -> None:
        forward = self._forwards.get(port)
        if forward is not None and forward.server is server:
            self._remove(port)

    def _remove(self, port: int) -> None:
        self._forwards.pop(port).server.close()


def _tcp_port(local: str) -> int:
    kind, _, number = local.partition(":")
    if kind != "tcp" or not number.isdigit() or int(number) > 65535:
        raise _Refused(f"unsupported reverse socket '{local}': only tcp:PORT is available")
    return int(number)


def _handler(remote: str, owner: StreamOwner) -> relay.ClientHandler:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = await owner.open_stream(remote.encode())
        if stream is None:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            return
        try:
            await relay.join(stream, reader, writer)
        finally:
            stream.close()

    return serve
