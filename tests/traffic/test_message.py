"""A request in the making."""

from __future__ import annotations

from harness.traffic.exchange import Body, Kind, Stack
from harness.traffic.message import Message, Write, header, readable


def test_a_body_grows_and_says_when_it_has_not_ended() -> None:
    message = Message(Write(1.0, 0, Stack()), Kind.HTTP)
    first = message.state
    message.add(b"ab")
    message.add(b"")
    message.add(b"c")
    assert message.state != first
    assert message.body() == Body(b"abc", 3, "the body had not ended yet")
    message.complete = True
    assert message.body() == Body.of(b"abc")


def test_headers_by_name() -> None:
    headers = (("Host", "a"), ("host", "b"))
    assert header(headers, "host") == "a"
    assert header(headers, "cookie") == ""


def test_text_that_should_be_ascii() -> None:
    assert readable("é".encode()) == "é"
    assert readable(b"\xe9") == "é"
