"""Short ways to write the agent's events."""

from __future__ import annotations

from itertools import count

from harness.agent.events import (
    AnswerPart,
    BodyPart,
    BytesSeen,
    CarrierSeen,
    CipherSeen,
    DatagramSeen,
    FlowSeen,
    HandoverSeen,
    HookEvent,
    LookupSeen,
    RequestSeen,
    ResponseSeen,
)
from harness.traffic.exchange import Header, Layer, Stack

SENDER = Stack(("org.example.Search.send(Search.java:7)",))
BELOW = Stack(("org.example.Raw.write(Raw.java:1)",))


class Events:
    """Numbers events as an agent does and keeps a clock that ticks a millisecond an event."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def _head(self) -> tuple[int, float, int]:
        number = next(self._numbers)
        return number, 1_000_000.0 + number, 7

    def request(
        self,
        ex: int,
        method: str = "GET",
        url: str = "https://api.example/a?q=1",
        *headers: Header,
        body: bool = False,
    ) -> HookEvent:
        return RequestSeen(*self._head(), "okhttp", ex, method, url, headers, body, SENDER)

    def body(self, ex: int, data: bytes, unread: str = "", size: int | None = None) -> HookEvent:
        return BodyPart(*self._head(), ex, data, len(data) if size is None else size, unread)

    def response(
        self,
        ex: int,
        status: int = 200,
        error: str = "",
        headers: tuple[Header, ...] = (("X", "y"),),
    ) -> HookEvent:
        return ResponseSeen(*self._head(), ex, status, headers, "h2", error)

    def answer(self, ex: int, data: bytes, unread: str = "") -> HookEvent:
        return AnswerPart(*self._head(), ex, data, len(data), unread)

    def written(
        self,
        data: bytes,
        *,
        conn: int = 1,
        ex: int = 0,
        layer: Layer = Layer.TLS,
        host: str = "api.example",
        port: int = 443,
        unread: str = "",
    ) -> HookEvent:
        return BytesSeen(
            *self._head(), layer, "write", conn, host, port, ex, data, len(data), unread, BELOW
        )

    def cipher(self, data: bytes, conn: int = 1, host: str = "10.0.0.9") -> HookEvent:
        return CipherSeen(*self._head(), conn, host, 443, data, BELOW)

    def carrier(self, conn: int, tls: int, host: str = "10.0.0.9", port: int = 443) -> HookEvent:
        return CarrierSeen(*self._head(), conn, tls, host, port)

    def datagram(self, data: bytes, host: str = "udp.example", port: int = 9) -> HookEvent:
        return DatagramSeen(*self._head(), "send", host, port, data, len(data), BELOW)

    def handover(
        self, target: str, data: bytes, layer: Layer = Layer.SDK_API, package: str = ""
    ) -> HookEvent:
        receiver = (target, package, "", False)
        return HandoverSeen(*self._head(), layer, *receiver, data, len(data), "", SENDER)

    def flow(self, given: bytes, result: bytes, how: str = "AES/CBC/PKCS5Padding") -> FlowSeen:
        return FlowSeen(*self._head(), "javax.crypto.Cipher.doFinal([B)", how, given, result)

    def lookup(self, host: str) -> HookEvent:
        return LookupSeen(*self._head(), "getAllByName", host, SENDER)
