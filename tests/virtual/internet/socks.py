"""A tiny SOCKS5 client (RFC 1928), so that tests reach the virtual internet as an app does."""

from __future__ import annotations

import socket


def connect(port: int, host: str, to_port: int, timeout_s: float = 10.0) -> socket.socket:
    """A connection to `host:to_port` through the proxy; the name is resolved by the proxy."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
    connection.sendall(b"\x05\x01\x00")
    assert _exactly(connection, 2) == b"\x05\x00"
    name = host.encode("idna")
    request = b"\x05\x01\x00\x03" + bytes([len(name)]) + name + to_port.to_bytes(2, "big")
    connection.sendall(request)
    assert _exactly(connection, 10)[:2] == b"\x05\x00"
    return connection


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = connection.recv(size - len(data))
        assert chunk, "the proxy hung up"
        data += chunk
    return data
