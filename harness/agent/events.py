"""Hook events as values: what the agent saw, one class a kind.

`t_ms` is Unix time in milliseconds by the device's clock; `n` is an event's sequence number, from 1
without gaps; `request` and `conn` are numbers within one agent.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.traffic.exchange import Header, Layer, Stack


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request was handed to the HTTP layer. `t_ms` is Unix time by the device's clock."""

    n: int
    t_ms: float
    thread: int
    target: str
    request: int
    method: str
    url: str
    headers: tuple[Header, ...]
    has_body: bool
    stack: Stack


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A piece of a request's body; `size_bytes` went by, `data` is what was recorded of it."""

    n: int
    t_ms: float
    thread: int
    request: int
    data: bytes
    size_bytes: int
    unread: str


@dataclass(frozen=True, slots=True)
class ResponseSeen:
    """The answer to a request, or in `error` the exception that the app got instead."""

    n: int
    t_ms: float
    thread: int
    request: int
    status: int
    headers: tuple[Header, ...]
    version: str
    error: str


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A piece of an answer's body, as the app read it; `data` is what was recorded of it."""

    n: int
    t_ms: float
    thread: int
    request: int
    data: bytes
    size_bytes: int
    unread: str


@dataclass(frozen=True, slots=True)
class BytesSeen:
    """Plaintext written to a connection; `request` is that of the HTTP layer, 0 if none."""

    n: int
    t_ms: float
    thread: int
    layer: Layer
    target: str
    conn: int
    host: str
    port: int
    request: int
    data: bytes
    size_bytes: int
    unread: str
    stack: Stack


@dataclass(frozen=True, slots=True)
class CipherSeen:
    """A socket began to talk TLS without a hooked TLS layer above; `data` is the first record."""

    n: int
    t_ms: float
    thread: int
    conn: int
    host: str
    port: int
    data: bytes
    stack: Stack


@dataclass(frozen=True, slots=True)
class CarrierSeen:
    """Socket `conn` carries the encrypted bytes of the hooked TLS connection `tls`.

    `host` and `port` are the socket's peer, which the TLS layer may not know.
    """

    n: int
    t_ms: float
    thread: int
    conn: int
    tls: int
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class DatagramSeen:
    """A datagram was handed to the network."""

    n: int
    t_ms: float
    thread: int
    target: str
    host: str
    port: int
    data: bytes
    size_bytes: int
    stack: Stack


@dataclass(frozen=True, slots=True)
class LookupSeen:
    """The address of a name was asked for."""

    n: int
    t_ms: float
    thread: int
    target: str
    host: str
    stack: Stack


@dataclass(frozen=True, slots=True)
class HandoverSeen:
    """The app handed something to an SDK or to another process of the device.

    Attributes:
        layer: `sdk-api` or `ipc`.
        package: who got it, where that is another package or provider.
        host: where a browser or player was sent to.
        parcel: `data` is the content of a Binder parcel, else JSON.
    """

    n: int
    t_ms: float
    thread: int
    layer: Layer
    target: str
    package: str
    host: str
    parcel: bool
    data: bytes
    size_bytes: int
    unread: str
    stack: Stack


@dataclass(frozen=True, slots=True)
class FlowSeen:
    """The app's code turned bytes into others: encrypted or digested them.

    Attributes:
        how: name of the algorithm (`AES/GCM/NoPadding`, `HmacSHA256`, `SHA-256`).
    """

    n: int
    t_ms: float
    thread: int
    target: str
    how: str
    given: bytes
    result: bytes


HookEvent = (
    RequestSeen
    | BodyPart
    | ResponseSeen
    | AnswerPart
    | BytesSeen
    | CipherSeen
    | CarrierSeen
    | DatagramSeen
    | LookupSeen
    | HandoverSeen
    | FlowSeen
)
