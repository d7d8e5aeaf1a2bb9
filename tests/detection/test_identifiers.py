"""Companions: known values exactly, others by key and shape."""

from __future__ import annotations

import json

import pytest

from harness.detection.engine import Engine
from harness.detection.sighting import Identifier
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request

GAID = "0d7b2c1e-1111-4222-8333-9aa0b0c0d0e0"
DEVICE_ID = "9774d56d682e549c"


def exchange() -> Exchange:
    body = {
        "q": "hépatite",
        "device": {"advertisingId": GAID, "aid": DEVICE_ID, "lat": 52.5200, "lon": 13.4050},
        "user": {"email": "a.b@example.org", "phone": "+4930123456"},
    }
    headers = (("Cookie", "_fbp=fb.1.1596403881668.1116446470"), ("Authorization", "Bearer xyz"))
    request = Request(
        "POST", "https://t.example/?tid=UA-1-2", headers, Body.of(json.dumps(body).encode())
    )
    return Exchange("1", Kind.HTTP, (Layer.WITNESS,), "t.example", 443, 0.0, request)


def by_kind(engine: Engine) -> dict[str, Identifier]:
    return {item.kind: item for item in engine.scan(exchange()).identifiers}


def test_kinds_values_and_places() -> None:
    found = by_kind(Engine(["hépatite"]))
    assert found["advertising-id"] == Identifier(
        "advertising-id", GAID, "body.json$.device.advertisingId"
    )
    assert found["cookie"].location == "header[cookie]._fbp"
    assert found["vendor-account"].value == "UA-1-2"
    assert found["email"].value == "a.b@example.org"
    assert found["phone"].value == "+4930123456"
    assert found["latitude"].value == "52.52"
    assert found["auth-token"].location == "header[authorization]"
    assert not any(item.exact for item in found.values())


def test_a_value_that_the_device_told_is_exact_and_wins() -> None:
    known = (Identifier("android-id", DEVICE_ID, "", True), Identifier("x", "", "", True))
    found = by_kind(Engine(["hépatite"], known=known))
    assert found["android-id"].exact
    assert found["android-id"].value == DEVICE_ID


def test_nothing_is_told_where_nothing_was_found() -> None:
    assert Engine(["covid"]).scan(exchange()).identifiers == ()


@pytest.mark.parametrize("word", ["null", "None", "undefined"])
def test_a_word_for_no_value_is_nobodys(word: str) -> None:
    # Amplitude sends `"user_id": null` until somebody logs in.
    body = Body.of(f'{{"user_id": "{word}", "q": "hépatite"}}'.encode())
    request = Request("POST", "https://t.example/", body=body)
    one = Exchange("1", Kind.HTTP, (Layer.TLS,), "t.example", 443, 0.0, request)
    assert Engine(["hépatite"]).scan(one).identifiers == ()
