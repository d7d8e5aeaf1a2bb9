"""Reading another process' memory: here our own, laid out by ctypes."""

from __future__ import annotations

import ctypes
import os
import socket

import pytest

from harness.virtual.host.guard.notification import Memory, Unreadable, listens
from harness.virtual.host.guard.policy import Peer

OWN = Memory(os.getpid())


def sockaddr(host: str, port: int) -> bytes:
    return b"\x02\0" + port.to_bytes(2, "big") + socket.inet_aton(host) + bytes(8)


def test_addresses() -> None:
    four = ctypes.create_string_buffer(sockaddr("192.0.2.1", 53))
    assert OWN.peer(ctypes.addressof(four), 16) == Peer("192.0.2.1", 53)
    six = b"\x0a\0\0\x35" + bytes(4) + socket.inet_pton(socket.AF_INET6, "2001:db8::1") + bytes(4)
    mapped = b"\x0a\0\0\x35" + bytes(14) + b"\xff\xff" + socket.inet_aton("192.0.2.1") + bytes(4)
    for raw, host in ((six, "2001:db8::1"), (mapped, "192.0.2.1")):
        buffer = ctypes.create_string_buffer(raw)
        assert OWN.peer(ctypes.addressof(buffer), len(raw)) == Peer(host, 53)
    unix = ctypes.create_string_buffer(b"\x01\0/tmp/x")
    assert OWN.peer(ctypes.addressof(unix), 8) is None
    assert OWN.peer(0, 0) is None


def test_a_short_address_is_no_address() -> None:
    short = ctypes.create_string_buffer(b"\x02\0\0\x35\x7f")
    with pytest.raises(Unreadable):
        OWN.peer(ctypes.addressof(short), 5)


def test_memory_that_is_not_there() -> None:
    with pytest.raises(Unreadable):
        OWN.exactly(8, 16)
    with pytest.raises(Unreadable):
        Memory(2**22 + 1).read(0, 1)


def test_a_wildcard_becomes_loopback() -> None:
    buffer = ctypes.create_string_buffer(sockaddr("0.0.0.0", 80))
    OWN.to_loopback(ctypes.addressof(buffer))
    assert buffer.raw[:16] == sockaddr("127.0.0.1", 80)


def test_words() -> None:
    texts = [ctypes.create_string_buffer(text) for text in (b"curl", "é".encode())]
    pointers = (ctypes.c_uint64 * 3)(*[ctypes.addressof(text) for text in texts], 0)
    assert OWN.words(ctypes.addressof(pointers)) == ["curl", "é"]


def test_whose_server_it_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert listens(os.getpid(), port)
        assert not listens(1, port)
    assert not listens(os.getpid(), port)
