"""One connection's client bytes, read as whatever protocol they turn out to be.

Input: writes in order. Output: `Message`s. The first bytes say which protocol it is; a change of
protocol (SOCKS handshake done, tunnel opened, upgrade to WebSocket) asks again. Bytes of no known
protocol become one growing message of kind STREAM, so that nothing is dropped; when a later write
begins with a request line, HTTP is read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from .exchange import Kind
from .http1 import Http1, may_start_request, starts_request
from .http2 import PREFACE, Http2, looks_like_frames
from .message import Message, StreamError, Write
from .socks import VERSION as SOCKS_VERSION
from .socks import Socks5
from .websocket import WebSocket


class _Parser(Protocol):
    def feed(self, data: bytes, origin: Write) -> list[Message]: ...


class ConnectionStream:
    """All that was written to one connection; `host` and `port` change when a proxy is asked on."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._parser: _Parser | None = None
        self._socks: Socks5 | None = None
        self._http1: Http1 | None = None
        self._raw: Message | None = None
        self._undecided = b""
        self._old = False

    def feed(self, data: bytes, origin: Write) -> list[Message]:
        """The messages that began in these bytes. Never raises."""
        raw = self._raw
        if raw is not None:
            if not starts_request(data) and raw.origin.request == origin.request:
                raw.add(data)
                return []
            raw.complete = True
            self._raw = None
        try:
            return self._read(data, origin)
        except StreamError as error:
            return [self._stray(error.rest, origin)]

    def lost_bytes(self) -> None:
        """Bytes are missing here: what follows cannot continue what was before."""
        self._forget()
        self._raw = None
        self._old = True

    def _read(self, data: bytes, origin: Write) -> list[Message]:
        if self._socks is not None:
            return self._handshake(self._socks, data, origin)
        if self._parser is None:
            return self._decide(self._undecided + data, origin)
        began = self._parser.feed(data, origin)
        upgraded = self._http1.upgraded if self._http1 is not None else None
        if upgraded is not None and self._http1 is not None:
            rest = self._http1.rest
            self._switch(upgraded)
            if rest:
                began += self._read(rest, origin)
        return began

    def _decide(self, data: bytes, origin: Write) -> list[Message]:
        self._undecided = b""
        if data[0] == SOCKS_VERSION and not self._old:
            self._socks = Socks5()
        elif PREFACE.startswith(data[: len(PREFACE)]):
            if len(data) < len(PREFACE):
                self._undecided = data
                return []
            self._parser = Http2()
        elif may_start_request(data):
            self._parser = self._http1 = Http1()
        elif looks_like_frames(data):
            self._parser = Http2(late=True)
        else:
            raise StreamError("unknown protocol", data)
        self._old = True
        return self._read(data, origin)

    def _handshake(self, socks: Socks5, data: bytes, origin: Write) -> list[Message]:
        socks.feed(data)
        if socks.destination is None:
            return []
        self.host, self.port = socks.destination.host, socks.destination.port
        self._socks = None
        self._old = False
        return self._read(socks.rest, origin) if socks.rest else []

    def _switch(self, request: Message) -> None:
        self._forget()
        if request.method == "CONNECT":
            host, _, port = request.target.rpartition(":")
            self.host, self.port = host.strip("[]").lower(), int(port) if port.isdecimal() else 0
            self._old = False
        else:
            self._parser = _Upgraded(request)

    def _forget(self) -> None:
        self._parser = self._socks = self._http1 = None
        self._undecided = b""

    def _stray(self, rest: bytes, origin: Write) -> Message:
        self._forget()
        self._old = True
        self._raw = Message(origin, Kind.STREAM)
        self._raw.add(rest)
        return self._raw


class _Upgraded:
    """What follows a request with `Upgrade`: WebSocket frames if it was agreed, else HTTP."""

    def __init__(self, request: Message) -> None:
        self._request = request
        self._parser: _Parser | None = None
        self._choose: Callable[[bytes], _Parser] = self._first

    def _first(self, data: bytes) -> _Parser:
        if data.startswith(PREFACE[:16]):
            return Http2()
        return Http1() if may_start_request(data) else WebSocket(self._request)

    def feed(self, data: bytes, origin: Write) -> list[Message]:
        if self._parser is None:
            self._parser = self._choose(data)
        return self._parser.feed(data, origin)
