"""The exchanges in the making that `pairing` keeps, and how each becomes an `Exchange`.

Input: what the layers saw of one request. Output: an exchange, made again only when something
changed. Missing bytes are said in the body's `unread`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.agent.events import AnswerPart, BodyPart, CipherSeen, RequestSeen, ResponseSeen

from .answers import AnswerBody
from .exchange import EMPTY, Body, Exchange, Kind, Layer, Request, Response, Stack
from .message import Message, header
from .tls_hello import server_name

RequestKey = tuple[str, str, bool, str]
"""What two views of one request must agree in: method, host, encrypted or not, target."""

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SCHEMES = {
    Kind.HTTP: ("http", "https"),
    Kind.WEBSOCKET: ("ws", "wss"),
    Kind.STREAM: ("tcp", "tls"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Peer of a connection; `encrypted`: its plaintext was seen above TLS."""

    host: str
    port: int
    encrypted: bool


def _split(url: str) -> tuple[str, int, str]:
    """Host, port and request target of an absolute URL; empty where it is malformed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", 0, url
    target = parts.path or "/"
    if parts.query or url.partition("#")[0].endswith("?"):
        target += f"?{parts.query}"
    return host.lower(), port or _DEFAULT_PORTS.get(parts.scheme, 0), target


def target_of(message: Message) -> str:
    """Path and query that a message asks for, also when it names the whole URL (to a proxy)."""
    if message.target.startswith("/") or "://" not in message.target:
        return message.target
    return _split(message.target)[2]


class StreamRecord:
    """A message found in the bytes of a connection; `paired` is the HTTP layer's view of it."""

    def __init__(self, id_: str, message: Message, layer: Layer, address: Address) -> None:
        self.id = id_
        self.message = message
        self.layer = layer
        self.address = address
        self.paired: HttpRecord | None = None
        self._made: tuple[object, Exchange] | None = None

    @property
    def url(self) -> str:
        message, address = self.message, self.address
        if "://" in message.target:
            return message.target
        scheme = _SCHEMES[message.kind][address.encrypted]
        host = f"[{address.host}]" if ":" in address.host else address.host
        standard = _DEFAULT_PORTS.get(scheme) == address.port
        authority = message.authority or (host if standard else f"{host}:{address.port}")
        if message.method == "CONNECT":
            return f"{scheme}://{authority}/"
        return f"{scheme}://{authority}{message.target or '/'}"

    @property
    def key(self) -> RequestKey:
        message = self.message
        return message.method, _split(self.url)[0], self.address.encrypted, target_of(message)

    def exchange(self, process: str) -> Exchange:
        state = self.message.state
        if self._made is None or self._made[0] != state:
            self._made = (state, self._exchange(process))
        return self._made[1]

    def _exchange(self, process: str) -> Exchange:
        message, url = self.message, self.url
        host, port, _ = _split(url)
        request = Request(
            message.method, url, message.headers, message.body(), message.http_version
        )
        return Exchange(
            id=self.id,
            kind=message.kind,
            seen_by=(self.layer,),
            host=host or self.address.host,
            port=port or self.address.port,
            started_s=message.origin.started_s,
            request=request,
            stack=message.origin.stack,
            process=process,
        )


class HttpRecord:
    """A request of the HTTP layer, with the views of the layers below."""

    def __init__(self, id_: str, event: RequestSeen, started_s: float) -> None:
        self.id = id_
        self._event = event
        self._started_s = started_s
        self._data: list[bytes] = []
        self._size_bytes = 0
        self._cut = ""
        self._answer: ResponseSeen | None = None
        self._answered = AnswerBody()
        self._below: list[StreamRecord] = []
        self._made: tuple[object, Exchange] | None = None
        self.host, self._port, self.target = _split(event.url)

    @property
    def method(self) -> str:
        return self._event.method

    @property
    def key(self) -> RequestKey:
        encrypted = self._event.url.startswith("https:")
        return self._event.method, self.host, encrypted, self.target

    @property
    def bytes_known(self) -> bool:
        """Whether its bytes were found on a connection."""
        return bool(self._below)

    @property
    def answered(self) -> bool:
        return self._answer is not None

    @property
    def layers(self) -> tuple[Layer, ...]:
        return (Layer.JAVA_HTTP, *(found.layer for found in self._below))

    def add(self, part: BodyPart) -> None:
        self._data.append(part.data)
        self._size_bytes += part.size_bytes
        self._cut = self._cut or part.unread

    def answer(self, event: ResponseSeen) -> None:
        self._answer = event

    def add_answer(self, part: AnswerPart) -> None:
        self._answered.add(part)

    def pair(self, found: StreamRecord) -> None:
        found.paired = self
        self._below.append(found)

    def exchange(self, process: str) -> Exchange:
        below = tuple(found.message.state for found in self._below)
        state = (self._size_bytes, self._cut, self._answer, self._answered.size_bytes, below)
        if self._made is None or self._made[0] != state:
            self._made = (state, self._exchange(process))
        return self._made[1]

    def _exchange(self, process: str) -> Exchange:
        event, answer = self._event, self._answer
        response = None
        if answer is not None and answer.status:
            body = self._answered.body(event.method, answer)
            response = Response(answer.status, answer.headers, body, answer.version)
        version = answer.version if answer is not None else ""
        return Exchange(
            id=self.id,
            kind=Kind.HTTP,
            seen_by=tuple(dict.fromkeys(self.layers)),
            host=self.host,
            port=self._port,
            started_s=self._started_s,
            request=Request(event.method, event.url, event.headers, self._body(), version),
            response=response,
            stack=event.stack,
            process=process,
        )

    def _body(self) -> Body:
        body = self._own_body()
        if not body.unread:
            return body
        for found in self._below:
            lower = found.message.body()
            if found.message.kind is Kind.HTTP and not lower.unread:
                return lower
        return body

    def _own_body(self) -> Body:
        if not self._event.has_body:
            return EMPTY
        self._data = [b"".join(self._data)]
        data, size, cut = self._data[0], self._size_bytes, self._cut
        declared = header(self._event.headers, "content-length")
        due = int(declared) if declared.isdecimal() else -1
        failed = self._answer is not None and bool(self._answer.error)
        if cut or failed:
            # A request that failed sent no more than what went by.
            return Body(data, size, cut)
        if size < due:
            return Body(data, due, f"{size} of {due} body bytes were seen")
        if due < 0 and size == 0:
            return Body(data, 0, "no byte of the body was seen")
        return Body(data, size)


class EncryptedRecord:
    """A connection that talks TLS by code that no TLS hook knows."""

    def __init__(self, id_: str, event: CipherSeen, started_s: float, address: Address) -> None:
        self.id = id_
        self.conn = event.conn
        self._stack: Stack = event.stack
        self._started_s = started_s
        self._address = address
        self._name = server_name(event.data)

    def exchange(self, process: str) -> Exchange:
        host = self._name or self._address.host.lower()
        body = Body(b"", 0, "encrypted by code that is not hooked")
        return Exchange(
            id=self.id,
            kind=Kind.STREAM,
            seen_by=(Layer.SOCKET,),
            host=host,
            port=self._address.port,
            started_s=self._started_s,
            request=Request("", f"tls://{host}:{self._address.port}/", (), body),
            stack=self._stack,
            process=process,
        )
