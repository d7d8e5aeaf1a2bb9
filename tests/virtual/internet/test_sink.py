"""The WebSocket sink against wsproto's client side, the protocol's reference in Python."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Message,
    Ping,
    Pong,
    Request,
)

from harness.virtual.internet.sink import WebSocketSink


async def talk(*sent: Event) -> list[Event]:
    """Every event that comes back after each of `sent`."""
    sink = WebSocketSink()
    await sink.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    client = WSConnection(ConnectionType.CLIENT)
    heard: list[Event] = []
    try:
        for event in sent:
            writer.write(client.send(event))
            await writer.drain()
            if isinstance(event, Message):
                continue  # a message has no answer
            client.receive_data(await asyncio.wait_for(reader.read(65536), 10))
            heard += client.events()
    finally:
        writer.close()
        await writer.wait_closed()
        sink.stop()
    return heard


def kinds(events: list[Event]) -> Iterator[type]:
    return (type(event) for event in events)


def test_it_accepts_every_handshake_with_the_first_subprotocol() -> None:
    request = Request(host="chat.example", target="/ws?q=1", subprotocols=["v2.chat", "v1.chat"])
    (accepted,) = asyncio.run(talk(request))
    assert isinstance(accepted, AcceptConnection)
    assert accepted.subprotocol == "v2.chat"


def test_it_takes_messages_answers_pings_and_closes() -> None:
    heard = asyncio.run(
        talk(
            Request(host="chat.example", target="/"),
            Message(data="hépatite"),
            Ping(payload=b"are you there"),
            CloseConnection(code=1000),
        )
    )
    assert list(kinds(heard)) == [AcceptConnection, Pong, CloseConnection]
    assert isinstance(heard[1], Pong)
    assert heard[1].payload == b"are you there"
