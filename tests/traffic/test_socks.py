"""The client's half of SOCKS 5, by the messages that RFC 1928 and RFC 1929 spell out."""

from __future__ import annotations

import pytest
from hypothesis import given

from harness.traffic.message import StreamError
from harness.traffic.socks import Destination, Socks5
from tests.traffic.http_bytes import cuts, split

GREETING = b"\x05\x02\x00\x02"
LOGIN = b"\x01\x04user\x06secret"


def request(address: bytes, port: int = 443) -> bytes:
    return b"\x05\x01\x00" + address + port.to_bytes(2)


NAMED = b"\x03\x0eClinic.Example"


@given(cuts)
def test_however_it_is_cut(places: list[int]) -> None:
    socks = Socks5()
    rest = b""
    for piece in split(GREETING + LOGIN + request(NAMED) + b"GET /", places):
        if socks.destination is None:
            socks.feed(piece)
            rest = socks.rest
        else:
            rest += piece
    assert socks.destination == Destination("clinic.example", 443)
    assert rest == b"GET /"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (b"\x01\x0a\x00\x00\x07", "10.0.0.7"),
        (b"\x04" + b"\x00" * 15 + b"\x01", "::1"),
        (NAMED, "clinic.example"),
    ],
)
def test_kinds_of_address(address: bytes, host: str) -> None:
    socks = Socks5()
    socks.feed(GREETING + request(address, 80))
    assert socks.destination == Destination(host, 80)
    assert socks.rest == b""


@pytest.mark.parametrize(
    "data",
    [
        b"\x04\x01\x00\x50",
        GREETING + b"\x05\x02\x00\x01\x7f\x00\x00\x01\x00\x50",
        GREETING + b"\x05\x01\x00\x09\x00",
        GREETING + b"GET / HTTP/1.1",
    ],
)
def test_refuses_the_rest(data: bytes) -> None:
    with pytest.raises(StreamError):
        Socks5().feed(data)
