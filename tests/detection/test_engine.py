"""The engine's promises: what a scan holds, and what it leaves out."""

from __future__ import annotations

import base64
import gzip
import json
import os
from dataclasses import replace

import pytest

from harness.detection.budget import Budget
from harness.detection.engine import Engine
from harness.detection.search import Search
from harness.traffic.exchange import Body, Plaintext, Response
from tests.bench.near_misses import TERMS, clean
from tests.bench.transforms import doctolib_shaped, rows
from tests.detection.chains import get, post

ENGINE = Engine(["hépatite"])
CASES = [*rows(), *doctolib_shaped()]


@pytest.mark.parametrize("row", CASES, ids=[f"{row.kind}: {row.name}" for row in CASES])
def test_every_transform_of_the_corpus_is_found(row: object) -> None:
    assert ENGINE.scan(row.exchange).sightings  # type: ignore[attr-defined]


def test_no_alarm_on_near_misses() -> None:
    """A sample of what `make bench` does with 20,000."""
    engine = Engine(TERMS)
    for exchange in clean(400, seed=11):
        assert [s for s in engine.scan(exchange).sightings if not s.prefix] == []


@pytest.mark.parametrize("terms", [[], [""], ["covid", "  "]])
def test_a_term_must_be_visible(terms: list[str]) -> None:
    with pytest.raises(ValueError, match="visible"):
        Engine(terms)


def test_the_range_is_that_of_the_encoded_value() -> None:
    body = b'{"p":"' + base64.b64encode("x hépatite y".encode()) + b'"}'
    (sighting,) = ENGINE.scan(post(body)).sightings
    start, end = sighting.range
    assert base64.b64decode(body[start:end] + b"==").decode() == "x hépatite y"
    assert sighting.decoding == ("base64",)


def test_whole_beats_prefix_at_one_place_and_each_place_is_told() -> None:
    body = json.dumps({"a": "hépatite", "b": "hépa", "c": "hépatite"}, ensure_ascii=False)
    found = ENGINE.scan(post(body.encode())).sightings
    assert sorted((s.location, s.prefix) for s in found) == [
        ("body.json$.a", 0),
        ("body.json$.b", 4),
        ("body.json$.c", 0),
    ]


def test_the_name_of_a_host_was_not_typed_but_a_label_of_it_may_tell() -> None:
    engine = Engine(["cancer"])
    assert engine.scan(get("https://www.cancer.example/?a=1")).sightings == ()
    (sighting,) = engine.scan(get("https://cancer.collector.example/")).sightings
    assert sighting.location == "url.host"


def test_answers_are_marked() -> None:
    exchange = replace(
        post(b"{}"), response=Response(200, (), Body.of('{"q":"hépatite"}'.encode()))
    )
    (sighting,) = ENGINE.scan(exchange).sightings
    assert sighting.in_response
    assert sighting.location == "response.body.json$.q"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (Body.of(b"\x00" + os.urandom(500)), "high entropy"),
        (Body(b"{}", 100), "only 2 of 100 bytes"),
        (Body(b"", 9, "one-shot body"), "one-shot body"),
        (
            Body.of(json.dumps({"p": base64.b64encode(os.urandom(900)).decode()}).encode()),
            "encoded",
        ),
        (Body.of(gzip.compress(b"\x00" + os.urandom(500))), "encoded value that nothing reads"),
        (Body.of(gzip.compress(os.urandom(900))[:500]), ""),
    ],
)
def test_blind_spots_are_told(body: Body, reason: str) -> None:
    exchange = post(b"")
    exchange = replace(exchange, request=replace(exchange.request, body=body))
    unread = ENGINE.scan(exchange).unread
    assert unread
    assert reason in " ".join(one.reason for one in unread)


@pytest.mark.parametrize(
    "data", [b"", b"ok", b"\x89PNG\r\n\x1a\n" + os.urandom(200), b'{"a":1}', b"\x01\x02"]
)
def test_what_cannot_hide_a_term_is_no_blind_spot(data: bytes) -> None:
    assert ENGINE.scan(post(data)).unread == ()


def test_the_same_exchange_gives_the_same_scan_every_time() -> None:
    exchange = next(iter(rows())).exchange
    assert ENGINE.scan(exchange) == ENGINE.scan(exchange) == Engine(["hépatite"]).scan(exchange)


def beside(blob: str) -> bytes:
    """A tracker's event of 3 kB, most of it readable, with `blob` as one value."""
    props = {f"property_{number}": f"a readable value {number}" for number in range(60)}
    return json.dumps({"event": "search", "props": props, "blob": blob}).encode()


def base64url(size: int) -> str:
    return base64.urlsafe_b64encode(bytes((n * 97 + 13) % 251 for n in range(size))).decode()


def test_a_cipher_is_a_blind_spot_however_much_can_be_read_beside_it() -> None:
    body = beside(base64url(240))
    assert len(body) > 2500
    (unread,) = ENGINE.scan(post(body)).unread
    assert unread.reason == f"320 of {len(body)} bytes are an encoded value that nothing reads"


@pytest.mark.parametrize(
    "blob",
    [
        "dQw4w9WgXcQ:APA91b" + base64url(103).rstrip("="),
        base64url(32),
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0." + base64url(256).rstrip("="),
        base64.b64encode(json.dumps({"a": "readable " * 30}).encode()).decode(),
    ],
    ids=["push token", "digest", "signed token", "readable"],
)
def test_what_apps_send_as_a_matter_of_course_is_none(blob: str) -> None:
    assert ENGINE.scan(post(beside(blob))).unread == ()


CIPHER = bytes((n * 89 + 41) % 256 for n in range(400))


def known(
    given: bytes, start: int, end: int, how: tuple[str, ...] = ("base64", "AES")
) -> Plaintext:
    return Plaintext("body", start, end, how, given)


def test_what_the_app_made_a_cipher_of_is_read_and_the_cipher_is_no_blind_spot() -> None:
    exchange = post(b"iv" * 8 + CIPHER)
    assert [each.part for each in ENGINE.scan(exchange).unread] == ["body"]
    given = json.dumps({"q": "hépatite"}).encode()
    read = replace(exchange, plaintexts=(known(given, 16, 416, ("AES",)),))
    scan = ENGINE.scan(read)
    (sighting,) = scan.sightings
    assert (sighting.decoding[0], sighting.range, sighting.part) == ("AES", (16, 416), "body")
    assert scan.unread == ()


def test_a_plaintext_under_further_decoders_and_several_steps() -> None:
    body = b'{"d":"' + base64.b64encode(CIPHER) + b'"}'
    given = gzip.compress(b"hepatitis hepatite", mtime=0)
    read = replace(post(body), plaintexts=(known(given, 6, len(body) - 2),))
    (sighting,) = ENGINE.scan(read).sightings
    assert sighting.decoding[:3] == ("base64", "AES", "gzip")


def test_a_cipher_known_in_part_stays_a_blind_spot_and_so_does_an_unreadable_plaintext() -> None:
    half = replace(post(CIPHER), plaintexts=(known(b"text", 0, 200),))
    opaque = replace(post(CIPHER), plaintexts=(known(CIPHER[::-1], 0, 400),))
    for exchange in (half, opaque):
        assert [each.part for each in ENGINE.scan(exchange).unread] == ["body"]


def test_the_same_bytes_without_their_plaintext_are_searched_anew() -> None:
    engine, exchange = Engine(["hépatite"]), post(b"a1b2c3d4e5f6a7b8")
    assert engine.scan(exchange).sightings == ()
    told = replace(exchange, plaintexts=(known("hépatite".encode(), 0, 16, ("HmacMD5",)),))
    assert [each.decoding for each in engine.scan(told).sightings] == [("HmacMD5",)]
    assert engine.scan(exchange).sightings == ()


def test_a_cipher_in_a_url_is_a_blind_spot() -> None:
    (unread,) = ENGINE.scan(get(f"https://t.example/p?d={base64url(240)}")).unread
    assert unread.part == "url"
    assert "320 of" in unread.reason
    push_token = "dQw4w9WgXcQ:APA91b" + base64url(99)
    assert ENGINE.scan(get(f"https://t.example/p?d={push_token}")).unread == ()


def test_what_nobody_looked_at_for_want_of_budget_is_looked_at_later() -> None:
    """A request over the budget must not teach the engine that its tokens hold nothing."""
    engine, boring = Engine(["hépatite"]), set[bytes]()
    data = b"q=" + base64.b32encode(gzip.compress("Suche: hépatite".encode())).rstrip(b"=")
    poor = Budget(bytes_left=len(data) + 65)
    search = Search(engine._matcher, engine._digests, boring, poor)
    assert search.part(data).cut
    assert (search.matches, boring) == ([], set())
    rich = Search(engine._matcher, engine._digests, boring)
    rich.part(data)
    assert rich.matches
