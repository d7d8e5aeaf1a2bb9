"""Results of the app's own operations are found in its requests, however they are written there.

The encodings are Python's own (`base64`, `binascii`, `urllib`, `json`), the ciphertexts random.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from urllib.parse import quote

import pytest

from harness.agent.events import FlowSeen
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Plaintext, Request
from harness.traffic.pairing import Pairing
from harness.traffic.transforms import MAX_OPERATIONS, Transforms
from tests.traffic.hook_events import Events

GIVEN = b'{"query":"covid"}'
RESULT = random.Random(7).randbytes(96)
VECTOR = random.Random(8).randbytes(16)


def sent(body: bytes = b"", url: str = "https://t.example/", *headers: tuple[str, str]) -> Exchange:
    request = Request("POST", url, headers, Body.of(body))
    return Exchange(f"x{len(body)}{url}", Kind.HTTP, (Layer.TLS,), "t.example", 443, 0.0, request)


def transforms(*events: FlowSeen) -> Transforms:
    made = Transforms()
    for event in events or (Events().flow(GIVEN, RESULT),):
        made.add(event)
    return made


MIME = base64.encodebytes(RESULT)


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (RESULT, ()),
        (b"head" + RESULT + b"tag", ()),
        (RESULT.hex().encode(), ("hex",)),
        (RESULT.hex().upper().encode(), ("hex",)),
        (base64.b64encode(RESULT), ("base64",)),
        (base64.urlsafe_b64encode(RESULT), ("base64",)),
        (quote(base64.b64encode(RESULT), safe="").encode(), ("base64",)),
        (json.dumps({"d": MIME.decode()}).encode(), ("base64",)),
        (quote(MIME, safe="").encode(), ("base64",)),
        *((base64.b64encode(VECTOR[:size] + RESULT), ("base64",)) for size in range(17)),
        *((base64.b64encode(RESULT + VECTOR[:size]), ("base64",)) for size in range(4)),
    ],
)
def test_a_result_is_found_in_a_body(body: bytes, how: tuple[str, ...]) -> None:
    (found,) = transforms().of(sent(body))
    assert (found.part, found.how, found.data) == ("body", (*how, "AES/CBC/PKCS5Padding"), GIVEN)
    assert 0 <= found.start < found.end <= len(body)


@pytest.mark.parametrize(
    ("exchange", "part"),
    [
        (sent(url=f"https://t.example/?h={RESULT.hex()}"), "url"),
        (
            sent(b"", "https://t.example/", ("X-Sig", base64.b64encode(RESULT).decode())),
            "header[x-sig]",
        ),
    ],
)
def test_and_in_the_url_and_in_headers(exchange: Exchange, part: str) -> None:
    assert [each.part for each in transforms().of(exchange)] == [part]


def test_operations_one_after_the_other_lead_back_to_the_first() -> None:
    events = Events()
    mac = random.Random(9).randbytes(32)
    made = transforms(events.flow(GIVEN, RESULT), events.flow(RESULT, mac, "HmacSHA256"))
    (found,) = made.of(sent(mac))
    assert (found.how, found.data) == (("HmacSHA256", "AES/CBC/PKCS5Padding"), GIVEN)


def test_what_is_not_there_what_is_short_and_what_was_forgotten_is_not_found() -> None:
    events = Events()
    assert transforms().of(sent(b"something else")) == ()
    assert transforms(events.flow(b"a", b"1234567")).of(sent(b"1234567")) == ()
    made = transforms(events.flow(GIVEN, RESULT))
    for number in range(MAX_OPERATIONS):
        made.add(events.flow(b"x", number.to_bytes(16)))
    assert made.of(sent(RESULT)) == ()


def test_an_answer_is_looked_for_again_only_when_something_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched = []
    found: Callable[..., object] = Transforms._found
    monkeypatch.setattr(Transforms, "_found", lambda *a: searched.append(1) or found(*a))
    made, exchange = transforms(), sent(RESULT)
    assert made.of(exchange) == made.of(exchange)
    assert len(searched) == 1
    made.add(Events().flow(b"more", b"of these bytes"))
    made.of(exchange)
    assert len(searched) == 2


def test_the_pairing_gives_them_to_its_exchanges() -> None:
    events, pairing = Events(), Pairing("1")
    request = events.request(1, "POST", body=True)
    pairing.feed([events.flow(GIVEN, RESULT), request, events.body(1, RESULT), events.response(1)])
    (exchange,) = pairing.exchanges()
    assert exchange.plaintexts == (Plaintext("body", 0, 96, ("AES/CBC/PKCS5Padding",), GIVEN),)
