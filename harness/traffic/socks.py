"""The client's half of a SOCKS handshake, taken off the front of a connection (RFC 1928, 1929).

Input: the client's bytes in any pieces. Output: the destination and the bytes that follow the
handshake. Only CONNECT of version 5 is known; anything else is refused (StreamError).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from .message import StreamError

VERSION = 5
_LOGIN_VERSION = 1
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4


@dataclass(frozen=True, slots=True)
class Destination:
    host: str
    port: int


class Socks5:
    """`feed` until `destination` is known; then `rest` holds the bytes meant for it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._greeted = False
        self.destination: Destination | None = None

    @property
    def rest(self) -> bytes:
        return bytes(self._buffer)

    def feed(self, data: bytes) -> None:
        """Raises StreamError when these bytes are no SOCKS 5 handshake."""
        self._buffer += data
        while self.destination is None and self._step():
            pass

    def _step(self) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        if not self._greeted:
            return self._greeting()
        if buffer[0] == _LOGIN_VERSION:
            return self._login()
        return self._request()

    def _greeting(self) -> bool:
        if self._buffer[0] != VERSION:
            raise StreamError("no SOCKS 5 greeting", self.rest)
        self._greeted = self._skip(2 + self._buffer[1])
        return self._greeted

    def _login(self) -> bool:
        name_end = 2 + self._buffer[1]
        if len(self._buffer) <= name_end:
            return False
        return self._skip(name_end + 1 + self._buffer[name_end])

    def _skip(self, size: int) -> bool:
        if len(self._buffer) < size:
            return False
        del self._buffer[:size]
        return True

    def _request(self) -> bool:
        buffer = self._buffer
        if buffer[0] != VERSION or buffer[1] != _CONNECT:
            raise StreamError("no SOCKS 5 connect request", self.rest)
        if len(buffer) < 5:
            return False
        sizes = {_IPV4: (4, 4), _IPV6: (4, 16), _NAME: (5, buffer[4])}
        if buffer[3] not in sizes:
            raise StreamError("unknown SOCKS 5 address type", self.rest)
        start, length = sizes[buffer[3]]
        end = start + length
        if len(buffer) < end + 2:
            return False
        raw = bytes(buffer[start:end])
        if buffer[3] == _NAME:
            host = raw.decode("utf-8", "replace")
        else:
            host = str(ipaddress.ip_address(raw))
        self.destination = Destination(host.lower(), int.from_bytes(buffer[end : end + 2]))
        return self._skip(end + 2)
