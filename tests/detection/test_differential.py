"""Fields that follow the term, readable or not."""

from __future__ import annotations

import gzip
import hashlib
import json

from harness.detection.differential import fields, followers
from harness.traffic.exchange import Exchange
from tests.detection.chains import get, post


def run(term: str, nonce: str) -> list[Exchange]:
    secret = hashlib.sha512(f"unknown to us {term}".encode()).hexdigest()
    body = json.dumps({"v": 1, "blob": secret, "nonce": nonce, "ts": [1, 2]})
    return [get(f"https://t.example/p?q={term}&n={nonce}"), post(gzip.compress(body.encode()))]


def test_only_what_is_stable_in_a_and_changes_in_b() -> None:
    found = followers(run("covid", "1"), run("covid", "2"), run("grippe", "3"))
    assert (found[0].location, found[0].value_a, found[0].value_b) == (
        "url.query[q]",
        "covid",
        "grippe",
    )
    assert [item.location for item in found] == ["url.query[q]", "body.json$.blob"]


def test_requests_without_a_twin_are_left_out() -> None:
    assert followers(run("covid", "1"), [], run("grippe", "3")) == ()


def test_fields_of_forms_and_opaque_bodies() -> None:
    assert dict(fields(post(b"a=1&b=%C3%A9")))["body.form[b]"] == "é".encode()
    assert dict(fields(post(b"\x00\x01")))["body"] == b"\x00\x01"
    assert dict(fields(post(b"{broken")))["body"] == b"{broken"
