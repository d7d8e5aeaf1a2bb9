"""Exchanges in the making: addresses, targets and URLs (whole exchanges: test_pairing)."""

from __future__ import annotations

import pytest

from harness.traffic.exchange import Kind, Layer
from harness.traffic.message import Message
from harness.traffic.records import Address, StreamRecord, target_of
from tests.traffic.http_bytes import WRITE


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a?b=c", "/a?b=c"),
        ("http://far.example/a?b", "/a?b"),
        ("http://far.example", "/"),
        ("http://far.example/a?", "/a?"),
        ("*", "*"),
    ],
)
def test_target(target: str, path: str) -> None:
    assert target_of(Message(WRITE, Kind.HTTP, target=target)) == path


@pytest.mark.parametrize(
    ("kind", "address", "authority", "url"),
    [
        (Kind.HTTP, Address("a.example", 443, True), "", "https://a.example/x"),
        (Kind.HTTP, Address("10.0.0.1", 443, True), "a.example", "https://a.example/x"),
        (Kind.HTTP, Address("a.example", 8080, False), "", "http://a.example:8080/x"),
        (Kind.WEBSOCKET, Address("a.example", 80, False), "", "ws://a.example/x"),
        (Kind.STREAM, Address("a.example", 5, True), "", "tls://a.example:5/x"),
    ],
)
def test_url(kind: Kind, address: Address, authority: str, url: str) -> None:
    message = Message(WRITE, kind, method="GET", target="/x", authority=authority)
    assert StreamRecord("1", message, Layer.TLS, address).url == url


def test_a_tunnel_is_named_by_where_it_leads() -> None:
    message = Message(WRITE, Kind.HTTP, "CONNECT", "b.example:443", "b.example:443")
    record = StreamRecord("1", message, Layer.SOCKET, Address("proxy", 3128, False))
    assert record.url == "http://b.example:443/"
