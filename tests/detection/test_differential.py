"""Fields that follow the term, readable or not."""

from __future__ import annotations

import gzip
import hashlib
import json

from harness.detection.differential import compare
from harness.traffic.exchange import Exchange
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
