"""HTTP/2 out of the bytes of the h2 library as client, cut anywhere."""

from __future__ import annotations

import h2.connection
import pytest
from hypothesis import given

from harness.traffic.exchange import Kind
from harness.traffic.http2 import PREFACE, Http2, looks_like_frames
from harness.traffic.message import Message, StreamError
from tests.traffic.http_bytes import WRITE, cuts, h2_client, seen, split


def head(method: str, path: str, **more: str) -> list[tuple[str, str]]:
    pseudo = {
        ":method": method,
        ":scheme": "https",
        ":authority": "api.clinic.example",
        ":path": path,
    }
    return [*pseudo.items(), *more.items()]


def conversation(connection: h2.connection.H2Connection) -> None:
    """Two requests woven into each other, a large header, padding, a reset."""
    connection.send_headers(1, head("POST", "/events"))
    connection.send_headers(3, head("GET", "/find?q=h%C3%A9patite", cookie="a=b"), end_stream=True)
    connection.send_data(1, b"term=", pad_length=9)
    connection.ping(b"12345678")
    connection.send_data(1, b"cancer", end_stream=True)
    connection.send_headers(5, head("PUT", "/big", large="y" * 40_000))
    connection.send_data(5, b"half")
    connection.reset_stream(5)
    connection.send_headers(7, head("POST", "/trailers"))
    connection.send_data(7, b"x")
    connection.send_headers(7, [("checksum", "1")], end_stream=True)


BYTES = h2_client(conversation)
EXPECTED = [
    ("POST", "/events", b"term=cancer", "", True),
    ("GET", "/find?q=h%C3%A9patite", b"", "", True),
    ("PUT", "/big", b"half", "", True),
    ("POST", "/trailers", b"x", "", True),
]


def parsed(*pieces: bytes, late: bool = False) -> list[Message]:
    parser = Http2(late=late)
    return [message for piece in pieces for message in parser.feed(piece, WRITE)]


@given(cuts)
def test_requests_however_the_bytes_are_cut(places: list[int]) -> None:
    assert [seen(message) for message in parsed(*split(BYTES, places))] == EXPECTED


def test_head_fields() -> None:
    _, get, put, trailed = parsed(BYTES)
    assert get.authority == "api.clinic.example"
    assert get.headers == (("cookie", "a=b"),)
    assert (get.http_version, get.kind) == ("HTTP/2", Kind.HTTP)
    assert put.headers == (("large", "y" * 40_000),)
    assert trailed.headers == (("checksum", "1"),)


def test_a_stream_still_open_says_so() -> None:
    def drive(connection: h2.connection.H2Connection) -> None:
        connection.send_headers(1, head("POST", "/"))
        connection.send_data(1, b"abc")

    (message,) = parsed(h2_client(drive))
    assert seen(message) == ("POST", "/", b"abc", "the body had not ended yet", False)


def test_a_connection_older_than_the_hooks_gives_bodies_and_says_what_is_missing() -> None:
    late = BYTES[BYTES.index(b"\x00\x00", len(PREFACE)) :]
    messages = parsed(BYTES[len(PREFACE) :], late=True)
    assert looks_like_frames(BYTES[len(PREFACE) :])
    assert late
    assert [message.body().data for message in messages] == [b"term=cancer", b"", b"half", b"x"]
    assert all("older than the hooks" in message.unread for message in messages)
    assert all(message.kind is Kind.STREAM for message in messages)


def test_a_broken_header_block_makes_the_later_ones_unread() -> None:
    def drive(connection: h2.connection.H2Connection) -> None:
        connection.send_headers(1, head("GET", "/first"), end_stream=True)
        connection.send_headers(3, head("GET", "/second"), end_stream=True)

    data = bytearray(h2_client(drive))
    at = data.index(b"\x01\x05\x00\x00\x00\x01") + 6  # header block of stream 1
    data[at] = 0xFF
    data[at + 1] = 0xFF
    first, second = parsed(bytes(data))
    assert "could not be decoded" in first.unread
    assert "could not be decoded" in second.unread


def test_refuses_what_is_no_frame() -> None:
    with pytest.raises(StreamError):
        # A ping must have eight bytes (RFC 9113 section 6.7).
        parsed(PREFACE + b"\x00\x00\x03\x06\x00\x00\x00\x00\x00abc")
    assert not looks_like_frames(b"GET / HTTP/1.1\r\n\r\n")
    assert not looks_like_frames(b"")
