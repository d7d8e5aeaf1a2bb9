"""A request as it takes shape from the bytes of a connection, one direction only.

The parsers of `http1`, `http2` and `websocket` make these and go on filling them while bytes come
in; `pairing` turns them into exchanges. Each remembers the write in which it began (`origin`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .exchange import Body, Header, Kind, Stack


@dataclass(frozen=True, slots=True)
class Write:
    """One write to a connection: when, by whom, for which request of the HTTP layer (0: none)."""

    started_s: float
    request: int
    stack: Stack


@dataclass(slots=True, eq=False)
class Message:
    """A request, WebSocket message or stretch of unparsed bytes.

    Attributes:
        target: request target as sent (`/path?query`, absolute for a proxy, `host:port`).
        authority: `host[:port]` that the message itself names, empty if none.
        unread: why the body in `parts` is not all there is; empty while it is.
        complete: the message has ended, as its own framing says.
    """

    origin: Write
    kind: Kind
    method: str = ""
    target: str = ""
    authority: str = ""
    headers: tuple[Header, ...] = ()
    http_version: str = ""
    parts: list[bytes] = field(default_factory=list)
    size_bytes: int = 0
    unread: str = ""
    complete: bool = False

    def add(self, data: bytes) -> None:
        if data:
            self.parts.append(data)
            self.size_bytes += len(data)

    @property
    def state(self) -> tuple[int, str, bool]:
        """Changes whenever the message does."""
        return self.size_bytes, self.unread, self.complete

    def body(self) -> Body:
        if len(self.parts) > 1:
            self.parts = [b"".join(self.parts)]
        data = self.parts[0] if self.parts else b""
        unread = self.unread
        if not unread and not self.complete and self.kind is Kind.HTTP:
            unread = "the body had not ended yet"
        return Body(data, self.size_bytes, unread)


def header(headers: tuple[Header, ...], name: str) -> str:
    """Value of the first header of that name (lower case), empty if there is none."""
    return next((value for key, value in headers if key.lower() == name), "")


def readable(raw: bytes) -> str:
    """Text of a field that should be ASCII and often is UTF-8; never fails, never loses a byte."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class StreamError(Exception):
    """Bytes that do not follow the protocol; `args[0]` says what, `rest` is what was not used."""

    def __init__(self, what: str, rest: bytes) -> None:
        super().__init__(what)
        self.rest = rest
