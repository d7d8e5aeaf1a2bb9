"""What is known of an answer's body by what the app read of it."""

from __future__ import annotations

import pytest

from harness.traffic.answers import UNREAD
from harness.traffic.exchange import Body, Header, Response
from harness.traffic.pairing import Pairing
from tests.traffic.hook_events import Events


def answered(
    *pieces: bytes,
    method: str = "GET",
    status: int = 200,
    headers: tuple[Header, ...] = (),
    cut: str = "",
) -> Response:
    events, pairing = Events(), Pairing("1")
    pairing.feed([events.request(1, method), events.response(1, status, headers=headers)])
    pairing.exchanges()
    pairing.feed(events.answer(1, piece, cut) for piece in pieces)
    (exchange,) = pairing.exchanges()
    assert exchange.response is not None
    return exchange.response


@pytest.mark.parametrize(
    ("length", "pieces", "body"),
    [
        ("9", (b"hepa", b"titis"), Body.of(b"hepatitis")),
        ("", (b"hepa", b"titis"), Body.of(b"hepatitis")),
        ("9", (b"hepa",), Body(b"hepa", 9, "the app read 4 of 9 bytes")),
        ("9", (), Body(b"", 9, UNREAD)),
        ("", (), Body(b"", 0, UNREAD)),
        ("0", (), Body.of(b"")),
    ],
)
def test_a_body_is_what_was_read(length: str, pieces: tuple[bytes, ...], body: Body) -> None:
    headers = (("Content-Length", length),) if length else ()
    assert answered(*pieces, headers=headers).body == body


def test_answers_that_have_no_body() -> None:
    assert answered(method="HEAD", headers=(("Content-Length", "9"),)).body == Body.of(b"")
    assert answered(status=304).body == Body.of(b"")


def test_a_long_answer_is_cut_and_says_so() -> None:
    assert answered(b"beginning", cut="cut at 9 bytes").body == Body(
        b"beginning", 9, "cut at 9 bytes"
    )


def test_an_answer_to_an_unknown_request_is_left_out() -> None:
    events, pairing = Events(), Pairing("1")
    pairing.feed([events.answer(7, b"x")])
    assert pairing.exchanges() == ()
