"""One connection, whatever it turns out to speak."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.traffic.exchange import Kind, Stack
from harness.traffic.http2 import PREFACE
from harness.traffic.message import Message, Write
from harness.traffic.streams import ConnectionStream
from tests.traffic.http_bytes import WRITE, cuts, h2_client, http1, split
from tests.traffic.test_http2 import BYTES as HTTP2
from tests.traffic.test_http2 import conversation
from tests.traffic.test_socks import GREETING, NAMED, request
from tests.traffic.test_websocket import EXPECTED, PLAIN

GET = http1("GET", "/find")
CONNECT = b"CONNECT api.example:8443 HTTP/1.1\r\nHost: api.example:8443\r\n\r\n"
UPGRADE = b"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


def read(*pieces: bytes) -> tuple[ConnectionStream, list[Message]]:
    stream = ConnectionStream("proxy.example", 1080)
    return stream, [message for piece in pieces for message in stream.feed(piece, WRITE)]


@given(cuts)
def test_http_behind_a_socks_proxy_is_at_its_own_host(places: list[int]) -> None:
    stream, messages = read(*split(GREETING + request(NAMED) + GET + GET, places))
    assert [message.target for message in messages] == ["/find", "/find"]
    assert (stream.host, stream.port) == ("clinic.example", 443)


@given(cuts)
def test_http2_by_its_preface(places: list[int]) -> None:
    _, messages = read(*split(HTTP2, places))
    assert [message.method for message in messages] == ["POST", "GET", "PUT", "POST"]


def test_http2_without_its_preface() -> None:
    _, messages = read(h2_client(conversation)[len(PREFACE) :])
    assert {message.kind for message in messages} == {Kind.STREAM}
    assert b"term=cancer" in [message.body().data for message in messages]


def test_a_tunnel_leads_on() -> None:
    stream, messages = read(CONNECT, GET)
    assert [message.method for message in messages] == ["CONNECT", "GET"]
    assert (stream.host, stream.port) == ("api.example", 8443)


def test_websocket_after_its_upgrade() -> None:
    _, messages = read(UPGRADE + PLAIN[:3], PLAIN[3:])
    assert [message.kind for message in messages] == [Kind.HTTP] + [Kind.WEBSOCKET] * 4
    assert [message.body().data for message in messages[1:]] == EXPECTED


def test_an_upgrade_that_was_refused_goes_on_as_http() -> None:
    _, messages = read(UPGRADE, GET)
    assert [message.target for message in messages] == ["/chat", "/find"]


def test_an_unknown_protocol_is_one_growing_stream() -> None:
    _, messages = read(b"\x00\x01MQTT", b" hepatitis", b" cancer")
    assert [message.kind for message in messages] == [Kind.STREAM]
    assert messages[0].body().data == b"\x00\x01MQTT hepatitis cancer"


def test_a_stream_ends_where_http_begins_again() -> None:
    _, messages = read(b"half of an older body", GET)
    assert [message.kind for message in messages] == [Kind.STREAM, Kind.HTTP]


def test_bytes_of_two_requests_stay_apart() -> None:
    stream = ConnectionStream("a", 1)
    first, second = Write(1.0, 1, Stack()), Write(2.0, 2, Stack())
    messages = stream.feed(b"\x01\x02", first) + stream.feed(b"\x03", second)
    assert [message.body().data for message in messages] == [b"\x01\x02", b"\x03"]


def test_missing_bytes_end_what_was_being_read() -> None:
    stream, (message,) = read(http1("POST", "/", b"0123456789")[:-5])
    stream.lost_bytes()
    later = stream.feed(b"56789", WRITE)
    assert message.body().unread
    assert [each.kind for each in later] == [Kind.STREAM]


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=6))
def test_no_byte_is_dropped_and_nothing_is_raised(pieces: list[bytes]) -> None:
    """Bytes that begin no known protocol are all there."""
    marked = [b"\x00\xff" + piece for piece in pieces]
    _, messages = read(*marked)
    assert b"".join(message.body().data for message in messages) == b"".join(marked)
