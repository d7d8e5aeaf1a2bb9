"""The server name that a TLS client asks for in its first record (RFC 8446 4.1.2, RFC 6066 3).

Input: the first bytes of an encrypted connection. Output: the name, or an empty text when it is not
there (also when the client hides it or the record is cut). Refuses nothing.
"""

from __future__ import annotations

_CLIENT_HELLO = 1
_SERVER_NAME = 0
_HOST_NAME = 0


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def empty(self) -> bool:
        return self._at >= len(self._data)

    def take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        self._at += size
        if len(taken) < size:
            raise EOFError
        return taken

    def text(self) -> str:
        return self._data[self._at :].decode("ascii", "replace").lower()

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def vector(self, length_size: int) -> _Reader:
        return _Reader(self.take(self.number(length_size)))


def server_name(record: bytes) -> str:
    try:
        return _server_name(record)
    except EOFError:
        return ""


def _server_name(record: bytes) -> str:
    reader = _Reader(record)
    reader.take(5)  # type, version, length of the record
    if reader.number(1) != _CLIENT_HELLO:
        return ""
    reader.take(3 + 2 + 32)  # length of the message, version, random
    for length_size in (1, 2, 1):  # session, cipher suites, compression methods
        reader.vector(length_size)
    extensions = reader.vector(2)
    while not extensions.empty:
        kind = extensions.number(2)
        content = extensions.vector(2)
        if kind == _SERVER_NAME:
            names = content.vector(2)
            return names.vector(2).text() if names.number(1) == _HOST_NAME else ""
    return ""
