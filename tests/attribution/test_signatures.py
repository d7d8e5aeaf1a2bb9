"""Vendors' wire signatures, from the vendors' documented examples; ordinary requests carry none."""

from __future__ import annotations

import gzip
import json

import pytest

from harness.attribution.catalogue import Catalogue
from harness.attribution.signatures import SIGNATURES, keys_of, signature_of
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request


def sent(url: str, body: bytes = b"") -> Exchange:
    request = Request("POST" if body else "GET", url, (), Body.of(body))
    return Exchange("1", Kind.HTTP, (Layer.WITNESS,), "m.clinic.example", 443, 0.0, request)


SEGMENT = json.dumps({"batch": [], "sentAt": "x", "writeKey": "k"}).encode()
HOST = "https://m.clinic.example"


@pytest.mark.parametrize(
    ("exchange", "sdk_id"),
    [
        (sent(f"{HOST}/tr/?id=1&ev=PageView&dl=x"), "meta-pixel-web"),
        (sent(f"{HOST}/g/collect?v=2&tid=G-1&cid=2"), "google-analytics-web"),
        (sent(f"{HOST}/mp/collect?measurement_id=G-1&api_secret=s", b"{}"), "google-analytics-web"),
        (sent(f"{HOST}/track", b"data=eyJ9"), "mixpanel"),
        (sent(f"{HOST}/", b"checksum=1&client=k&e=%5B%5D&v=2"), "amplitude-legacy"),
        (sent(f"{HOST}/v1/batch", SEGMENT), "segment-android"),
        (sent(f"{HOST}/v1/batch", gzip.compress(SEGMENT)), "segment-android"),
        (sent(f"{HOST}/unifiedPixel?marketerId=0&name=x"), "outbrain-pixel-web"),
        (sent(f"{HOST}/matomo.php?idsite=1&rec=1"), "matomo"),
        (sent(f"{HOST}/api/42/envelope/", b"{}"), "sentry"),
    ],
)
def test_signatures(exchange: Exchange, sdk_id: str) -> None:
    row = signature_of(exchange)
    assert row is not None
    assert row.sdk_id == sdk_id


@pytest.mark.parametrize(
    "exchange",
    [
        sent(f"{HOST}/search?q=x"),
        sent(f"{HOST}/api/events", b'{"event": "x"}'),
        sent(f"{HOST}/track?id=7"),
        sent(f"{HOST}/collect", b"\x1f\x8bbroken"),
        sent(f"{HOST}/v1/batch", b"{broken"),
        sent(f"{HOST}/track", b"[" * 100_000),
        sent(f"{HOST}/track", gzip.compress(b'{"a":' * 100_000, mtime=0)),
        sent("https://[::1/track"),
    ],
)
def test_ordinary_requests(exchange: Exchange) -> None:
    assert signature_of(exchange) is None


def test_every_row_names_a_catalogue_entry_and_its_source() -> None:
    for row in SIGNATURES:
        assert Catalogue.load().by_id(row.sdk_id) is not None
        assert row.source
        assert row.path or row.keys


def test_keys_of_query_form_and_json() -> None:
    assert keys_of(sent(f"{HOST}/?a=1&b=", b"c=1&d=2")) == {"a", "b", "c", "d"}
    assert keys_of(sent(HOST, b'[{"x": 1}]')) == {"x"}
