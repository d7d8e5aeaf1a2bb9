"""HTTP/1.x requests out of the bytes that a client wrote to one connection (RFC 9112).

Input: the client's bytes in any pieces. Output: `Message`s, begun as soon as their head is complete
and filled as the body comes. Only framing is checked: what apps really send (raw UTF-8 in a target,
odd header values) must stay readable here, which is why the stricter h11 is not used. Transfer
coding is removed, content coding is kept. Refuses (StreamError) what is no request at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .exchange import Header, Kind
from .message import Message, StreamError, Write, header, readable

_REQUEST_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) (\S.*?) (HTTP/1\.[01])\r?$")
_STARTS_REQUEST = re.compile(rb"[A-Z]{3,16} \S[^\r\n]*? HTTP/1\.[01]\r?\n")
_BEGINS_METHOD = re.compile(rb"[A-Z]{1,16}( (\S[^\r\n]*\r?)?)?\Z")
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,16})\s*(;.*)?\r?$")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
MAX_HEAD_BYTES = 1 << 20


def starts_request(data: bytes) -> bool:
    """Whether `data` begins with a whole request line."""
    return _STARTS_REQUEST.match(data) is not None


def may_start_request(data: bytes) -> bool:
    """Whether `data` is a request line, or the beginning of one."""
    return starts_request(data) or _BEGINS_METHOD.match(data[:8192]) is not None


class Http1:
    """Parser of one connection. `feed` returns the messages that began in these bytes.

    After a request that asks for another protocol (`Upgrade`, `CONNECT`) the parser stops and
    `upgraded` is that request; the bytes that follow are in `rest`.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._left = 0
        self._message: Message | None = None
        self._state: Callable[[Write], Message | bool] = self._head
        self.upgraded: Message | None = None

    @property
    def rest(self) -> bytes:
        """Bytes received and not used so far."""
        return bytes(self._buffer)

    def feed(self, data: bytes, origin: Write) -> list[Message]:
        """Raises StreamError when these bytes are no HTTP/1."""
        self._buffer += data
        began = []
        while self._buffer and self.upgraded is None:
            step = self._state(origin)
            if isinstance(step, Message):
                began.append(step)
            elif not step:
                break
        return began

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._searched = 0
        return taken

    def _line(self) -> bytes | None:
        """The next line with its end, None until it is complete."""
        end = self._buffer.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        return self._take(end + 1)

    def _head(self, origin: Write) -> Message | bool:
        while self._buffer[:2] == b"\r\n":  # RFC 9112 2.2: ignore empty lines before a request
            self._take(2)
        if bytes(self._buffer) in (b"", b"\r"):
            return False
        found = _HEAD_END.search(self._buffer, max(0, self._searched - 3))
        if found is None:
            self._searched = len(self._buffer)
            if self._searched > MAX_HEAD_BYTES or not may_start_request(bytes(self._buffer[:8192])):
                raise StreamError("no HTTP/1 request", self.rest)
            return False
        message = _parsed(self._take(found.end()), origin)
        self._begin_body(message)
        return message

    def _begin_body(self, message: Message) -> None:
        self._message = message
        length = header(message.headers, "content-length")
        upgrade = message.method == "CONNECT" or bool(header(message.headers, "upgrade"))
        if "chunked" in header(message.headers, "transfer-encoding").lower():
            self._state = self._chunk_size
        elif length.isdecimal() and int(length) > 0:
            self._left = int(length)
            self._state = self._fixed
        else:
            self._end()
            if upgrade:
                self.upgraded = message

    def _end(self) -> bool:
        if self._message is not None:
            self._message.complete = True
        self._message = None
        self._state = self._head
        return True

    def _add(self) -> None:
        data = self._take(min(self._left, len(self._buffer)))
        self._left -= len(data)
        if self._message is not None:
            self._message.add(data)

    def _fixed(self, _origin: Write) -> bool:
        self._add()
        return self._end() if self._left == 0 else True

    def _chunk_size(self, _origin: Write) -> bool:
        line = self._line()
        if line is None:
            return False
        found = _CHUNK_SIZE.match(line.rstrip(b"\r\n"))
        if found is None:
            raise StreamError("no chunk size where one is due", line + self.rest)
        self._left = int(found.group(1), 16)
        self._state = self._chunk_data if self._left else self._trailer
        return True

    def _chunk_data(self, _origin: Write) -> bool:
        self._add()
        if self._left == 0:
            self._state = self._chunk_end
        return True

    def _chunk_end(self, _origin: Write) -> bool:
        line = self._line()
        if line is None:
            return False
        if line.strip(b"\r\n"):
            raise StreamError("a chunk is longer than its size", line + self.rest)
        self._state = self._chunk_size
        return True

    def _trailer(self, _origin: Write) -> bool:
        line = self._line()
        if line is None:
            return False
        if not line.strip(b"\r\n"):
            return self._end()
        if self._message is not None:
            self._message.headers += (_header(line.rstrip(b"\r\n")),)
        return True


def _parsed(head: bytes, origin: Write) -> Message:
    lines = [line.removesuffix(b"\r") for line in head.rstrip(b"\r\n").split(b"\n")]
    found = _REQUEST_LINE.match(lines[0])
    if found is None:
        raise StreamError("no HTTP/1 request line", head)
    method, target, version = map(readable, found.groups())
    headers = tuple(_header(line) for line in lines[1:])
    return Message(
        origin,
        Kind.HTTP,
        method=method,
        target=target,
        authority=header(headers, "host"),
        headers=headers,
        http_version=version,
    )


def _header(line: bytes) -> Header:
    name, _, value = line.partition(b":")
    return name.decode("latin-1").strip(), readable(value.strip())
