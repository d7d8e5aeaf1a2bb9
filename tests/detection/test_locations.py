"""A place in words, through layers and into nested values."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest

from harness.detection.engine import Engine
from harness.traffic.exchange import Exchange
from tests.detection.chains import get, in_form, in_multipart, post

TERM = "hépatite"
ENGINE = Engine([TERM])
TREE = json.dumps({"events": [{"props": {"q": TERM}}]}, ensure_ascii=False)
PAGE = f"https://c.example/s?word={quote(TERM)}"


@pytest.mark.parametrize(
    ("exchange", "place"),
    [
        (get(f"https://t.example/?dl={quote(PAGE, safe='')}"), "url.query[dl].url.query[word]"),
        (get(f"https://t.example/x/{quote(TERM)}/y"), "url.path[1]"),
        (post(TREE.encode()), "body.json$.events[0].props.q"),
        (post(gzip.compress(TREE.encode())), "body.json$.events[0].props.q"),
        (in_form(base64.b64encode(TREE.encode())), "body.form[d].json$.events[0].props.q"),
        (in_form(TREE.encode()), "body.form[d].json$.events[0].props.q"),
        (
            post(json.dumps({"p": json.dumps({"q": TERM})}).encode()),
            "body.json$.p.json$.q",
        ),
        (in_multipart(TERM.encode()), "body.multipart[d]"),
        (post(b"\x08\x01\x12\x09" + TERM.encode() + b"\x18\x00"), "body.protobuf.2"),
        (post(f"plain words, {TERM}".encode()), "body"),
    ],
)
def test_places(exchange: Exchange, place: str) -> None:
    assert [sighting.location for sighting in ENGINE.scan(exchange).sightings] == [place]
