"""Vendors' wire signatures, from the vendors' documented examples; ordinary requests carry none."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from urllib.parse import quote

import brotli
import pytest

from harness.attribution.catalogue import Catalogue
from harness.attribution.signatures import PAYLOADS, SIGNATURES, signatures_of
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
    assert [row.sdk_id for row in signatures_of(exchange)] == [sdk_id]


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
    assert signatures_of(exchange) == ()


def test_every_row_names_a_catalogue_entry_and_its_source() -> None:
    for row in (*SIGNATURES, *PAYLOADS):
        assert Catalogue.load().by_id(row.sdk_id) is not None
        assert row.source
        assert row.path or row.keys


MIXPANEL = json.dumps([{"event": "s", "properties": {"mp_lib": "android", "token": "t"}}]).encode()
PIXEL = "id=1&ev=PageView&dl=x&rl=&if=false&ts=1&sw=400&v=2.9"


@pytest.mark.parametrize(
    ("exchange", "sdk_id"),
    [
        (sent(f"{HOST}/own?{PIXEL}"), "meta-pixel-web"),
        (sent(f"{HOST}/own?v=2&tid=G-1&cid=2&en=page_view&_p=3"), "google-analytics-web"),
        (sent(f"{HOST}/own", SEGMENT), "segment-android"),
        (sent(f"{HOST}/own", brotli.compress(SEGMENT)), "segment-android"),
        (sent(f"{HOST}/own", zlib.compress(SEGMENT)), "segment-android"),
        (sent(f"{HOST}/own", MIXPANEL), "mixpanel"),
        (sent(f"{HOST}/own", b"data=" + base64.b64encode(MIXPANEL)), "mixpanel"),
        (sent(f"{HOST}/own", b"data=" + quote(MIXPANEL).encode()), "mixpanel"),
        (sent(f"{HOST}/own", b"\n".join([MIXPANEL, MIXPANEL])), "mixpanel"),
        (sent(f"{HOST}/own?idsite=1&rec=1"), "matomo"),
    ],
)
def test_the_payload_tells_under_any_path(exchange: Exchange, sdk_id: str) -> None:
    assert [row.sdk_id for row in signatures_of(exchange)] == [sdk_id]


@pytest.mark.parametrize(
    ("path", "sdk_id"),
    [
        ("/g/collect", "google-analytics-web"),
        ("/matomo.php", "matomo"),
        ("/unifiedPixel", "outbrain-pixel-web"),
        ("/stats/com.snowplowanalytics.snowplow/tp2", "snowplow"),
        ("/log/3/unip", "taboola-pixel-web"),
    ],
)
def test_a_path_that_a_vendor_coined_tells_under_any_payload(path: str, sdk_id: str) -> None:
    encrypted = sent(HOST + path, bytes(range(128, 256)))
    assert [row.sdk_id for row in signatures_of(encrypted)] == [sdk_id]


def test_a_multipart_body_has_names_too() -> None:
    def part(name: str) -> str:
        return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n'

    body = "".join(map(part, ("event", "advertiser_id"))) + "--b--\r\n"
    found = signatures_of(sent(f"{HOST}/v17.0/1234/activities", body.encode()))
    assert [row.sdk_id for row in found] == ["meta-app-events"]


def test_every_sdk_that_fits_is_told() -> None:
    both = sent(f"{HOST}/own?{PIXEL}", SEGMENT)
    assert [row.sdk_id for row in signatures_of(both)] == ["meta-pixel-web", "segment-android"]
