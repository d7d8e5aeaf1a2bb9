"""HAR entries to exchanges: bodies as bytes, gaps as gaps."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from harness.traffic.exchange import Exchange, Kind
from harness.traffic.har import Fault, entry_exchanges
from harness.traffic.har_note import NOTE, note_of
from harness.traffic.json_walk import Element


def entry(**request: Any) -> dict[str, Any]:
    base = {"method": "POST", "url": "https://T.example:8443/p?q=1", "headers": []}
    return {"startedDateTime": "2026-01-02T03:04:05.500Z", "request": {**base, **request}}


def read(value: object, number: int = 3) -> list[Exchange | Fault]:
    return list(entry_exchanges(Element(number, 0, value), "x.har"))


def one(value: object) -> Exchange:
    (exchange,) = read(value)
    assert isinstance(exchange, Exchange)
    return exchange


def test_what_an_exchange_takes_from_its_entry() -> None:
    exchange = one(entry(headers=[{"name": "A", "value": "b"}], postData={"text": "é"}))
    assert (exchange.host, exchange.port, exchange.index) == ("t.example", 8443, 3)
    assert exchange.started_s == 1767323045.5
    assert exchange.request.headers == (("A", "b"),)
    assert exchange.request.body.data == "é".encode()
    assert exchange.encrypted


@pytest.mark.parametrize("key", ["_encoding", "encoding"])
def test_binary_bodies_as_base64(key: str) -> None:
    raw = bytes(range(256))
    text = base64.b64encode(raw).decode()
    assert one(entry(postData={"text": text, key: "base64"})).request.body.data == raw


def test_binary_pressed_into_latin1_text_is_recovered() -> None:
    raw = b"\x1f\x8b\x08\x00\xff\xfe"
    assert one(entry(postData={"text": raw.decode("latin-1")})).request.body.data == raw
    assert one(entry(postData={"text": "größe\x01€"})).request.body.data == "größe\x01€".encode()


def test_form_parameters_without_a_text() -> None:
    params = [{"name": "q", "value": "hé é"}, {"name": "f", "fileName": "a.txt"}]
    assert (
        one(entry(postData={"params": params})).request.body.data == b"q=h%C3%A9%20%C3%A9&f=a.txt"
    )


def test_cookies_of_their_own_list_become_a_header() -> None:
    exchange = one(entry(cookies=[{"name": "a", "value": "1"}]))
    assert exchange.request.headers == (("cookie", "a=1"),)
    held = entry(cookies=[{"name": "a", "value": "1"}], headers=[{"name": "Cookie", "value": "z"}])
    assert one(held).request.headers == (("Cookie", "z"),)


@pytest.mark.parametrize(
    ("request_part", "reason"),
    [
        ({"postData": {"text": "QUJ", "_encoding": "base64"}}, "base64 is damaged"),
        ({"postData": {"text": "x", "_encoding": "rot26"}}, "'rot26' is unknown"),
        ({"bodySize": 12}, "does not hold the body of 12 bytes"),
        (
            {"headers": [{"name": "Content-Length", "value": "9"}], "postData": {"text": ""}},
            "does not hold the body of 9 bytes",
        ),
    ],
)
def test_gaps_are_told(request_part: dict[str, Any], reason: str) -> None:
    assert reason in one(entry(**request_part)).request.body.unread


def test_a_wrong_content_length_is_a_missing_end() -> None:
    headers = [{"name": "content-length", "value": "10"}]
    body = one(entry(headers=headers, postData={"text": "four"})).request.body
    assert (body.data, body.size_bytes) == (b"four", 10)


def test_damaged_base64_gives_what_it_can() -> None:
    body = one(
        entry(postData={"text": "aGVsbG8gd29ybGQ" + "!", "_encoding": "base64"})
    ).request.body
    assert body.data.startswith(b"hello wor")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (7, "an object"),
        ({}, "no `request`"),
        (entry(url=None), "no `url`"),
        (entry(url="https://[::1"), "cannot be read"),
        (entry(url="nowhere"), "no host"),
    ],
)
def test_an_entry_that_is_no_request_is_a_fault(value: object, reason: str) -> None:
    (fault,) = read(value)
    assert isinstance(fault, Fault)
    assert fault.index == 3
    assert reason in fault.reason


def test_responses_and_their_gaps() -> None:
    value = entry()
    value["response"] = {"status": 200, "content": {"text": "eA==", "encoding": "base64"}}
    response = one(value).response
    assert response is not None
    assert response.body.data == b"x"
    value["response"] = {"status": 200, "content": {"size": 5}}
    response = one(value).response
    assert response is not None
    assert response.body.unread


def test_websocket_messages_of_chrome() -> None:
    value = entry()
    value["_webSocketMessages"] = [
        {"type": "send", "time": 2.5, "opcode": 1, "data": "hi"},
        {"type": "receive", "opcode": 2, "data": "AAE="},
    ]
    http, sent, received = read(value)
    assert isinstance(sent, Exchange)
    assert isinstance(received, Exchange)
    assert isinstance(http, Exchange)
    assert (sent.kind, sent.started_s, sent.request.body.data) == (Kind.WEBSOCKET, 2.5, b"hi")
    assert received.response is not None
    assert received.response.body.data == b"\x00\x01"
    assert received.request.body.data == b""


def test_websocket_messages_that_cannot_be_read_are_told() -> None:
    value = entry()
    value["_webSocketMessages"] = [{"opcode": 1, "data": "hi"}, {"type": "send"}, "nonsense"]
    _, unsaid, empty, fault = read(value)
    assert isinstance(unsaid, Exchange)
    assert unsaid.request.body.data == b"hi", "what is not said to be received was sent"
    assert isinstance(empty, Exchange)
    assert empty.request.body.unread == "the file does not hold the message's data as text"
    assert fault == Fault(3, "WebSocket message 2 is no object", fault.source)
    value["_webSocketMessages"] = {"0": {"type": "send", "data": "hi"}}
    _, fault = read(value)
    assert isinstance(fault, Fault)
    assert "no list" in fault.reason


def test_trailers_are_read_where_a_file_has_them_and_missed_where_they_were_announced() -> None:
    announced = [{"name": "Trailer", "value": "X-Note"}]
    missing = one(entry(headers=announced, postData={"text": "a"})).request.body
    assert (missing.data, missing.unread) == (
        b"a",
        "the file does not hold the trailers that were announced (X-Note)",
    )
    held = [*announced, {"name": "x-note", "value": "cancer"}]
    assert one(entry(headers=held, postData={"text": "a"})).request.body.unread == ""
    own = one(entry(headers=announced, _trailers=[{"name": "X-Note", "value": "cancer"}]))
    assert ("X-Note", "cancer") in own.request.headers
    assert own.request.body.unread == ""


def test_an_entry_whose_note_names_another_host_is_read_by_its_url_and_told() -> None:
    shake = entry(url="wss://evil.example/ws", method="GET")
    note = json.loads(json.dumps(note_of(one(shake), whole=True)))
    frames = [{"type": "send", "opcode": 1, "data": "q=cancer", "time": 1}]
    forged = shake | {NOTE: note | {"host": "clinic.example"}, "_webSocketMessages": frames}
    made = read(forged)
    assert [each.host for each in made if isinstance(each, Exchange)] == ["evil.example"] * 2
    (fault,) = (each for each in made if isinstance(each, Fault))
    assert (fault.index, "host 'clinic.example'" in fault.reason) == (3, True)


def test_a_note_cannot_name_the_host_that_the_url_lacks() -> None:
    note = json.loads(json.dumps(note_of(one(entry()), whole=True)))
    (fault,) = read(entry(url="relative?q=cancer") | {NOTE: note})
    assert isinstance(fault, Fault)
    assert "host 't.example'" in fault.reason
