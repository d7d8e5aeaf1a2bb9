"""What left the app, as values: one exchange is one request with its response.

A WebSocket message, a datagram or a hand-over to another process is an exchange too, with the
payload as the request's body and no response. An exchange may be half-open (no response yet) or
its body may be unreadable; both are said in its fields and never guessed away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Header = tuple[str, str]
"""Name as sent, value; the order of a message's headers is kept."""


class Layer(StrEnum):
    """Where an exchange was seen."""

    JAVA_HTTP = "java-http"
    TLS = "tls"
    SOCKET = "socket"
    WEBVIEW = "webview"
    SDK_API = "sdk-api"
    IPC = "ipc"
    WITNESS = "witness"


class Kind(StrEnum):
    """What an exchange is."""

    HTTP = "http"
    WEBSOCKET = "websocket"
    STREAM = "stream"
    DATAGRAM = "datagram"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Body:
    """The payload of a message as it travelled (transfer coding removed, content coding not).

    Attributes:
        data: the bytes that were seen; may be fewer than `size_bytes`.
        size_bytes: how many bytes there were, as far as known.
        unread: why bytes are missing (`cut at 1048576`, `one-shot body`, ...); empty when complete.
    """

    data: bytes
    size_bytes: int
    unread: str = ""

    @classmethod
    def of(cls, data: bytes) -> Body:
        return cls(data, len(data))


EMPTY = Body(b"", 0)


@dataclass(frozen=True, slots=True)
class Request:
    """`url` is absolute (`https://host/path?query`), spelled as it was sent."""

    method: str
    url: str
    headers: tuple[Header, ...] = ()
    body: Body = EMPTY
    http_version: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: tuple[Header, ...] = ()
    body: Body = EMPTY
    http_version: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """Who sent it: frames from the innermost call outwards, each in Java's own notation.

    Attributes:
        frames: `pkg.Class.method(File.java:12)`, hook frames dropped.
        origins: stacks of the code that scheduled this work on another thread, newest first.
    """

    frames: tuple[str, ...] = ()
    origins: tuple[tuple[str, ...], ...] = ()

    @property
    def all_frames(self) -> tuple[str, ...]:
        return self.frames + tuple(frame for origin in self.origins for frame in origin)


@dataclass(frozen=True, slots=True)
class Plaintext:
    """What the app's own code turned into a range of a request, by its own account.

    Attributes:
        part: `url`, `body` or `header[name]`, the raw bytes that `start` and `end` count in.
        how: names of what was done, outermost first: `base64`, `AES/GCM/NoPadding`.
        data: what went in.
    """

    part: str
    start: int
    end: int
    how: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange.

    Attributes:
        id: unique within a run.
        seen_by: all layers that saw this exchange; the first is the richest view.
        host: name (or address literal) of the peer, lower case, without port.
        port: 0 when unknown.
        started_s: Unix time (host clock) at which the first byte was handed over by the app.
        process: name of the sending process, empty when unknown (a HAR file, the witness).
        package: for a hand-over, the receiving package.
        index: position in the file it was read from, -1 when it was captured live.
        source: file it was read from, empty when captured live.
        plaintexts: what is known of encrypted or digested parts of the request.
    """

    id: str
    kind: Kind
    seen_by: tuple[Layer, ...]
    host: str
    port: int
    started_s: float
    request: Request
    response: Response | None = None
    stack: Stack = Stack()
    process: str = ""
    package: str = ""
    index: int = -1
    source: str = ""
    plaintexts: tuple[Plaintext, ...] = ()

    @property
    def encrypted(self) -> bool:
        """Whether the request travelled under TLS, by its URL's scheme."""
        return self.request.url.startswith(("https:", "wss:", "tls:"))
