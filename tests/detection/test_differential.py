"""Fields that follow the term, readable or not."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace

import pytest

from harness.detection.differential import compare
from harness.traffic.exchange import Body, Exchange, Kind
from tests.detection.chains import get, post


def run(term: str, nonce: str) -> list[Exchange]:
    secret = hashlib.sha512(f"unknown to us {term}".encode()).hexdigest()
    body = json.dumps({"v": 1, "blob": secret, "nonce": nonce, "ts": [1, 2]})
    return [get(f"https://t.example/p?q={term}&n={nonce}"), post(gzip.compress(body.encode()))]


def places(*runs: list[Exchange]) -> list[str]:
    return [item.location for item in compare(*runs).followers]


def test_only_what_is_stable_in_a_and_changes_in_b() -> None:
    found = compare(run("covid", "1"), run("covid", "2"), run("grippe", "3")).followers
    assert (found[0].location, found[0].value_a, found[0].value_b) == (
        "url.query[q]",
        b"covid",
        b"grippe",
    )
    assert [item.location for item in found] == ["url.query[q]", "body.json$.blob"]


def test_requests_without_a_twin_are_told() -> None:
    result = compare(run("covid", "1"), [], run("grippe", "3"))
    assert (result.followers, result.compared) == ((), 0)
    assert result.alone == {"t.example": 4}


def beacon(*blobs: str) -> list[Exchange]:
    return [post(json.dumps({"v": 1, "blob": blob}).encode()) for blob in blobs]


@pytest.mark.parametrize("short", range(3))
def test_a_second_request_of_a_kind_that_was_compared_is_told(short: int) -> None:
    runs = [beacon("same", "qqZ81zzKK1"), beacon("same", "qqZ81zzKK1"), beacon("same", "ppY72yyJ")]
    assert compare(*runs).alone == {}
    del runs[short][1]
    result = compare(*runs)
    assert (result.compared, result.followers, result.alone) == (1, (), {"t.example": 2})


def test_a_request_that_repeats_a_compared_one_says_nothing_new() -> None:
    result = compare(beacon("same", "same"), beacon("same"), beacon("same", "same", "same"))
    assert (result.compared, result.alone) == (1, {})


def test_a_raw_connection_is_compared_however_it_was_written() -> None:
    def sent(*writes: bytes) -> list[Exchange]:
        whole = post(b"".join(writes))
        place = replace(whole, kind=Kind.STREAM, source="x", index=0)
        bodies = (replace(place.request, body=Body.of(data)) for data in writes)
        return [place, *(replace(place, request=request) for request in bodies)]

    assert compare(sent(b"a=1", b"&b=2"), sent(b"a=1&b", b"=", b"2"), sent(b"a=1&b=2")).alone == {}
    lost = compare(sent(b"a=1", b"&b=2"), sent(b"a=1", b"&b=2"), [])
    assert lost.alone == {"t.example": 6}


def test_a_datagram_without_a_method_is_compared() -> None:
    def sent(data: bytes) -> Exchange:
        request = replace(post(data).request, method="", url="udp://t.example:53/")
        return replace(post(data), kind=Kind.DATAGRAM, request=request)

    runs = [[sent(data)] for data in (b"k=Qf8x1", b"k=Qf8x1", b"k=Zk2y9")]
    assert compare(*runs).compared == 1
    assert len(places(*runs)) == 1


def test_every_one_of_repeated_fields_is_compared() -> None:
    def asked(term: str) -> list[Exchange]:
        return [get(f"https://t.example/p?k={term}&k=fixed")]

    (found,) = compare(asked("AbC1"), asked("AbC1"), asked("xYz2")).followers
    assert (found.value_a, found.repeated) == (b"AbC1", True)


def test_values_that_are_no_text_differ() -> None:
    runs = [[get(f"https://t.example/p?q=%{byte}")] for byte in ("80", "80", "81")]
    assert places(*runs) == ["url.query[q]"]


def test_a_path_that_follows_the_term() -> None:
    runs = [[get(f"https://t.example/s/{word}")] for word in ("Qf8x1", "Qf8x1", "Zk2y9")]
    assert places(*runs) == ["url.path[1]"]


def test_a_field_that_is_gone() -> None:
    runs = [[get(f"https://t.example/p?{word}=1")] for word in ("covid", "covid", "grippe")]
    assert places(*runs) == ["url.query[covid]"]


def test_twins_are_found_though_a_run_has_more_requests() -> None:
    def sent(term: str, *, extra: bool) -> list[Exchange]:
        ping = [post(b'{"event": "ping", "x": 1}')] if extra else []
        return [*ping, post(json.dumps({"event": "find", "q": term, "x": 2}).encode())]

    runs = sent("Qf8x1", extra=False), sent("Qf8x1", extra=True), sent("Zk2y9", extra=False)
    assert places(*runs) == ["body.json$.q"]


def test_a_difference_that_no_field_shows_is_told_of_the_whole_part() -> None:
    runs = [[post(b'{"a":1}' + blanks)] for blanks in (b" \n", b" \n", b"\n ")]
    assert places(*runs) == ["body"]


def test_what_is_no_url_is_compared_as_it_stands() -> None:
    runs = [[get(f"https://[t.example/p?q={word}")] for word in ("Qf8x1", "Qf8x1", "Zk2y9")]
    (found,) = compare(*runs).followers
    assert (found.path, found.value_a, found.value_b) == (
        "https://[t.example/p",
        b"Qf8x1",
        b"Zk2y9",
    )
