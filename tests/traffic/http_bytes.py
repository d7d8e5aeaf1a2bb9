"""Bytes that real clients write, for the parsers' tests: recorded from their own libraries."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterable

import h2.config
import h2.connection
from hypothesis import strategies as st

from harness.traffic.exchange import Stack
from harness.traffic.message import Message, Write

WRITE = Write(1.0, 0, Stack())


class _Recorder(http.client.HTTPConnection):
    """`http.client` without a network: what it sends is kept."""

    def __init__(self) -> None:
        super().__init__("clinic.example")
        self.sent = b""

    def send(self, data: object) -> None:
        if isinstance(data, bytes):
            self.sent += data
        elif isinstance(data, Iterable):
            self.sent += b"".join(data)
        else:
            raise TypeError(data)


def http1(method: str, target: str, body: bytes | list[bytes] | None = None) -> bytes:
    """One request of Python's own client; a list of pieces is sent with chunked coding."""
    client = _Recorder()
    chunked = isinstance(body, list)
    headers = {"Transfer-Encoding": "chunked"} if chunked else {}
    content = iter(body) if isinstance(body, list) else body
    client.request(method, target, content, headers, encode_chunked=chunked)
    return client.sent


def h2_client(drive: Callable[[h2.connection.H2Connection], None]) -> bytes:
    """All that the h2 library sends as a client."""
    config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
    connection = h2.connection.H2Connection(config)
    connection.initiate_connection()
    drive(connection)
    return bytes(connection.data_to_send())


def tls_hello(name: str) -> bytes:
    """The first record of Python's own TLS."""
    out = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return out.read()
    raise AssertionError("the handshake ended without a server")


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    """`data` in pieces; cuts are taken modulo its length."""
    places = sorted({cut % len(data) for cut in cuts if cut % len(data)})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


cuts = st.lists(st.integers(0, 1 << 16), max_size=12)


def seen(message: Message) -> tuple[str, str, bytes, str, bool]:
    body = message.body()
    return message.method, message.target, body.data, body.unread, message.complete
