"""What the agent tells, as values: hook events, its readiness and faults, the report on it.

Moments are Unix time in milliseconds by the device's clock (`t_ms`); `n` is an event's sequence
number, from 1 without gaps; `request` and `conn` are numbers within one agent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.traffic.exchange import Header, Layer, Stack

HookState = Literal["installed", "missing", "failed"]
Runtime = Literal["art", "jvm"]


@dataclass(frozen=True, slots=True)
class HookStatus:
    """What became of one row of the agent's hook tables.

    Attributes:
        layer: a capture layer, or `origin` (work across threads) or `input` (typing).
        target: the hooked method.
        detail: why it is missing or failed.
    """

    layer: str
    target: str
    state: HookState
    detail: str


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


HookEvent = (
    RequestSeen
    | BodyPart
    | ResponseSeen
    | BytesSeen
    | CipherSeen
    | CarrierSeen
    | DatagramSeen
    | LookupSeen
    | HandoverSeen
)


@dataclass(frozen=True, slots=True)
class Batch:
    events: tuple[HookEvent, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    runtime: Runtime
    pid: int
    hooks: tuple[HookStatus, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong inside the agent."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class AgentState:
    """Answer to `report`: what the hooks did so far, by the agent's own account."""

    runtime: Runtime
    pid: int
    hooks: tuple[HookStatus, ...]
    fired: tuple[tuple[str, int], ...]
    seq: int
    dropped: int


@dataclass(frozen=True, slots=True)
class CheckedWay:
    """A way out of the app that the self-check tried; `detail` says why nothing was sent."""

    layer: Layer
    way: str
    sent: bool
    detail: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What became of the self-check of one way; `seen`: its request is in that layer's record."""

    layer: Layer
    way: str
    sent: bool
    seen: bool
    detail: str


@dataclass(frozen=True, slots=True)
class SdkFlush:
    """What became of an SDK's own flush: how many of its objects were asked, or its error."""

    sdk: str
    asked: int
    error: str


@dataclass(frozen=True, slots=True)
class FocusedField:
    """The text field that has the input focus. `class_name` is that of the view."""

    text: str
    hint: str
    class_name: str
    password: bool
    resource_id: str


@dataclass(frozen=True, slots=True)
class AgentReport:
    """All that is known of one agent's work.

    Attributes:
        contract: version of the messages.
        hooks: state of every row of the hook tables that is meant for this runtime.
        fired: how often each installed hook was called, as far as the agent could still be asked.
        lost: events that never arrived (gaps in the sequence) or that the agent dropped.
        errors: faults of the agent and messages that were refused, each once.
        detached: why there is no connection to the agent any more; empty while there is.
        checks: what became of our own requests, sent when the hooks were in force.
    """

    contract: int
    runtime: Runtime
    process: str
    pid: int
    hooks: tuple[HookStatus, ...]
    fired: tuple[tuple[str, int], ...]
    lost: int
    errors: tuple[str, ...]
    detached: str
    checks: tuple[SelfCheck, ...] = ()
