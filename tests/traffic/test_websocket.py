"""WebSocket messages out of the frames of the wsproto library as client, cut anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.extensions import PerMessageDeflate

from harness.traffic.exchange import Kind
from harness.traffic.message import Message, StreamError
from harness.traffic.websocket import WebSocket
from tests.traffic.http_bytes import WRITE, cuts, split

UPGRADE = Message(WRITE, Kind.HTTP, method="GET", target="/chat", authority="clinic.example")
LONG = "肝炎 " * 30_000


def frames(*, deflate: bool = False) -> bytes:
    extensions = []
    if deflate:
        extension = PerMessageDeflate()
        extension.finalize("permessage-deflate")
        extensions.append(extension)
    client = Connection(ConnectionType.CLIENT, extensions=extensions)
    return b"".join(
        client.send(event)
        for event in (
            TextMessage(data="hépa", message_finished=False),
            TextMessage(data="tite", message_finished=True),
            Ping(b"alive"),
            BytesMessage(data=b"\x00\x01\x02"),
            TextMessage(data="h" * 200),
            TextMessage(data=LONG),
            CloseConnection(code=1000),
        )
    )


EXPECTED = ["hépatite".encode(), b"\x00\x01\x02", b"h" * 200, LONG.encode()]
PLAIN, DEFLATED = frames(), frames(deflate=True)


def parsed(*pieces: bytes) -> list[Message]:
    parser = WebSocket(UPGRADE)
    return [message for piece in pieces for message in parser.feed(piece, WRITE)]


@given(cuts)
def test_messages_however_the_bytes_are_cut(places: list[int]) -> None:
    messages = parsed(*split(PLAIN, places))
    assert [message.body().data for message in messages] == EXPECTED
    assert {message.target for message in messages} == {"/chat"}
    assert all(message.complete and not message.body().unread for message in messages)


@given(cuts)
def test_compressed_messages_are_inflated(places: list[int]) -> None:
    messages = parsed(*split(DEFLATED, places))
    assert [message.body().data for message in messages] == EXPECTED


def test_what_does_not_inflate_is_unread() -> None:
    client = Connection(ConnectionType.CLIENT)
    frame = bytearray(client.send(BytesMessage(data=b"\xff" * 20)))
    frame[0] |= 0x40  # says that it is compressed
    (message,) = parsed(bytes(frame))
    assert "not decodable" in message.body().unread
    assert message.body().data == b"\xff" * 20


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1", b"\x81\x05hello", b"\x83\x80....", b"\xb1\x80...."]
)
def test_refuses_what_is_no_client_frame(data: bytes) -> None:
    with pytest.raises(StreamError):
        parsed(data)
