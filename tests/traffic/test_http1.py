"""HTTP/1 out of the bytes of Python's own client, cut anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given

from harness.traffic.http1 import Http1, starts_request
from harness.traffic.message import Message, StreamError, header
from tests.traffic.http_bytes import WRITE, cuts, http1, seen, split

ROW = (
    http1("GET", "/find?q=h%C3%A9patite")
    + http1("POST", "/fixed", b"q=cancer")
    + http1("PUT", "/chunked", [b"cov", b"id" * 40_000])
    + http1("DELETE", "/last")
)


def parsed(*pieces: bytes) -> list[Message]:
    parser = Http1()
    return [message for piece in pieces for message in parser.feed(piece, WRITE)]


@given(cuts)
def test_a_row_of_requests_however_it_is_cut(places: list[int]) -> None:
    assert [seen(message) for message in parsed(*split(ROW, places))] == [
        ("GET", "/find?q=h%C3%A9patite", b"", "", True),
        ("POST", "/fixed", b"q=cancer", "", True),
        ("PUT", "/chunked", b"cov" + b"id" * 40_000, "", True),
        ("DELETE", "/last", b"", "", True),
    ]


def test_empty_lines_between_requests_are_skipped() -> None:
    get = http1("GET", "/")
    assert len(parsed(get + b"\r", b"\n" + get, b"\r\n")) == 2


def test_head_fields() -> None:
    (message,) = parsed(http1("GET", "/"))
    assert message.authority == "clinic.example"
    assert message.http_version == "HTTP/1.1"
    assert header(message.headers, "accept-encoding") == "identity"


def test_a_body_that_has_not_ended_says_so() -> None:
    (message,) = parsed(http1("POST", "/", b"0123456789")[:-4])
    assert seen(message) == ("POST", "/", b"012345", "the body had not ended yet", False)


def test_what_apps_send_though_they_should_not() -> None:
    (message,) = parsed("GET /find?q=hépatite B HTTP/1.1\nHost: a\nX: ü\n\n".encode())
    assert message.target == "/find?q=hépatite B"
    assert header(message.headers, "x") == "ü"
    (latin,) = parsed(b"GET /\xe9 HTTP/1.1\r\n\r\n")
    assert latin.target == "/é"


def test_trailers_and_extensions_are_part_of_the_framing() -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    (message, after) = parsed(
        head + b"3;x=y\r\nabc\r\n0\r\nChecksum: 1\r\n\r\nGET /a HTTP/1.1\r\n\r\n"
    )
    assert seen(message)[2:] == (b"abc", "", True)
    assert message.headers[-1] == ("Checksum", "1")
    assert after.target == "/a"


@pytest.mark.parametrize(
    "upgrade",
    [
        b"CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n",
        b"GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_stops_where_another_protocol_begins(upgrade: bytes) -> None:
    parser = Http1()
    (message,) = parser.feed(upgrade + b"\x81\x80", WRITE)
    assert parser.upgraded is message
    assert parser.rest == b"\x81\x80"


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00",
        b"hello there\r\n\r\n",
        b"GET /\r\n\r\n",
        b"{}\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
    ],
)
def test_refuses_what_is_no_request(data: bytes) -> None:
    with pytest.raises(StreamError) as caught:
        parsed(data)
    assert caught.value.rest
    assert data.endswith(caught.value.rest)


def test_an_endless_head_is_refused() -> None:
    with pytest.raises(StreamError):
        parsed(b"GET / HTTP/1.1\r\n", *[b"X: " + b"y" * 4096 + b"\r\n"] * 300)


def test_cost_is_linear_in_the_pieces() -> None:
    body = b"x" * 2_000_000
    head = b"POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n"
    parser = Http1()
    (message,) = parser.feed(head, WRITE)
    for start in range(0, len(body), 100):
        parser.feed(body[start : start + 100], WRITE)
    assert message.body().data == body


def test_recognises_a_request_line() -> None:
    assert starts_request(http1("GET", "/"))
    assert not starts_request(b"GET / HTTP/1.1")
    assert not starts_request(b"PRI * HTTP/2.0\r\n\r\n")
