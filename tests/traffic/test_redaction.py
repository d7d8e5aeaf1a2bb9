"""What is written keeps the typed terms and the shape, and nothing else of anybody's."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.engine import Engine
from harness.detection.sighting import Identifier
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Response
from harness.traffic.redaction import MARK, Redactor, fresh_key
from tests.findings.building import exchange

KEY = b"k" * 32
RED = Redactor(KEY, keep=["hépatite", "Urologie Berlin"])
SECRET = "s3cr3t-t0ken-Value"


def whole(exchange: Exchange) -> str:
    """Everything of an exchange that may hold data, as text."""
    parts: list[Request | Response] = [exchange.request]
    parts += [exchange.response] if exchange.response else []
    texts = [exchange.request.url]
    for part in parts:
        texts += [value for header in part.headers for value in header]
        texts.append(part.body.data.decode("utf-8", "replace"))
    return "\n".join(texts)


def carrying(**fields: Any) -> Exchange:
    request = {"method": "POST", "url": "https://t.example/e"} | fields
    return replace(exchange(), request=Request(**request))


@pytest.mark.parametrize(
    "what",
    [
        carrying(headers=(("Authorization", f"Bearer {SECRET}"),)),
        carrying(headers=(("Cookie", f"sid={SECRET}; theme=dark"),)),
        carrying(headers=(("X-Weird", f"a={SECRET}; {SECRET}"),)),
        carrying(url=f"https://t.example/e?sid={SECRET}&q=h%C3%A9patite"),
        carrying(url=f"https://t.example/u/{SECRET}/x"),
        carrying(url=f"https://user:{SECRET}@t.example/"),
        carrying(url=f"https://t.example/#{SECRET}"),
        carrying(url=f"https://t.example/?{SECRET}"),
        carrying(body=Body.of(json.dumps({"a": [{"sid": SECRET}], SECRET: 1}).encode())),
        carrying(body=Body.of(f"a=1&sid={SECRET}".encode())),
        carrying(body=Body.of(f"hello {SECRET}".encode())),
        carrying(body=Body.of(f"{SECRET}\x00".encode())),
        carrying(body=Body.of(f"{SECRET}\xff".encode("latin-1"))),
        carrying(body=Body.of(b'{"a": "' + SECRET.encode() + b'\\ud800"}')),
        replace(exchange(), response=Response(200, (("Set-Cookie", f"sid={SECRET}"),))),
        replace(exchange(), response=Response(200, (), Body.of(SECRET.encode()))),
    ],
)
def test_a_secret_goes_wherever_it_stands(what: Exchange) -> None:
    assert SECRET not in whole(RED.exchange(what))
    assert MARK in whole(RED.exchange(what))


@pytest.mark.parametrize(
    "spelling",
    [
        "hépatite",
        "HÉPATITE",
        "he\u0301patite",
        "h%C3%A9patite",
        "h%25C3%25A9patite",
        "h\\u00e9patite",
    ],
)
def test_a_typed_term_stays_in_any_readable_spelling(spelling: str) -> None:
    kept = RED.value(f"id=77777&q={spelling}&x=Mustermann")
    assert spelling in kept
    assert "77777" not in kept
    assert "Mustermann" not in kept


@pytest.mark.parametrize("space", ["%20", "+", " "])
def test_terms_of_two_words_stay(space: str) -> None:
    assert RED.value(f"Urologie{space}Berlin") == f"Urologie{space}Berlin"


def test_equal_values_have_equal_digests_within_a_run_only() -> None:
    assert RED.digest("a") == RED.digest("a") == RED.digest(b"a")
    assert RED.digest("a") != RED.digest("b")
    assert RED.digest("a") != Redactor(fresh_key()).digest("a")
    assert RED.digest("\ud800").startswith(MARK)


def test_shape_stays() -> None:
    what = carrying(
        url="https://t.example/v1/track/events.json?limit=7&name=abc",
        headers=(("Content-Type", "application/json"), ("Host", "t.example"), ("X", "")),
        body=Body.of(json.dumps({"n": 7, "f": 1.5, "b": True, "z": None, "l": [-1]}).encode()),
    )
    seen = RED.exchange(what).request
    assert seen.url.startswith("https://t.example/v1/track/events.json?limit=")
    assert "&name=" in seen.url
    assert seen.headers == what.request.headers
    body = json.loads(seen.body.data)
    assert (body["n"], body["b"], body["z"]) == (7, True, None)
    assert str(body["f"]).startswith(MARK)
    assert str(body["l"][0]).startswith(MARK)
    assert seen.body.size_bytes == what.request.body.size_bytes


@pytest.mark.parametrize("name", ["q", "utm_source", "cd12", "events[0]", "$device.os", "_ga"])
def test_names_of_fields_stay(name: str) -> None:
    assert RED.url(f"https://t.example/?{name}=x").startswith(f"https://t.example/?{name}={MARK}")


@pytest.mark.parametrize("name", ["anna@x.example", "4711", "a8f3e1c2", "x" * 60, "user-4711"])
def test_names_that_may_be_data_go(name: str) -> None:
    assert name not in RED.url(f"https://t.example/?{name}=x")


@pytest.mark.parametrize("url", ["t.example/users/4711", "/users/4711"])
def test_relative_urls_are_redacted_too(url: str) -> None:
    assert RED.url(url).startswith(url.removesuffix("4711") + MARK)


def test_an_opaque_body_goes_as_a_whole_and_says_so() -> None:
    packed = Body.of(gzip.compress("hépatite".encode()))
    seen = RED.exchange(carrying(body=packed)).request.body
    assert seen.data.decode().startswith(MARK)
    assert seen.unread == "redacted as a whole"
    cut = replace(packed, unread="cut")
    assert RED.exchange(carrying(body=cut)).request.body.unread == "cut"


def test_json_that_nests_too_deep_is_one_text() -> None:
    deep = b"[" * 100_000
    assert RED.exchange(carrying(body=Body.of(deep))).request.body.data.startswith(MARK.encode())


def test_what_is_redacted_stays_as_it_is() -> None:
    once = RED.value("Mustermann")
    assert RED.value(once) == once
    assert RED.value("") == ""


def test_identifiers_keep_kind_and_place() -> None:
    seen = RED.identifier(Identifier("email", "a@b.example", "body"))
    assert (seen.kind, seen.location) == ("email", "body")
    assert seen.value.startswith(MARK)


def test_a_companion_under_dispute_stays_but_a_credential() -> None:
    gaid = Identifier("advertising-id", "38400000-8cf0-11bd", "body")
    token = Identifier("auth-token", f"Bearer {SECRET}", "header[authorization]")
    assert RED.companion(gaid) == gaid
    assert RED.companion(token) == RED.identifier(token)
    assert SECRET not in RED.companion(token).value
    assert Redactor(KEY, enabled=False).companion(token) == token


def test_keeping_secrets_still_hides_declared_ones() -> None:
    red = Redactor(KEY, secrets=["hunter2", ""], enabled=False)
    what = carrying(
        url="https://t.example/?p=hunter2&q=x",
        headers=(("Cookie", "p=hunter2"), ("Host", "hunter2")),
        body=Body.of(b"p=hunter2&q=x"),
    )
    seen = red.exchange(what)
    assert "hunter2" not in whole(seen)
    assert "q=x" in whole(seen)
    assert red.value("x hunter2") != "x hunter2"
    assert red.text("a hunter2 b").startswith(f"a {MARK}")
    binary = carrying(body=Body.of(b"\xff\x00"))
    assert red.exchange(binary) == binary
    assert Redactor(KEY, enabled=False).exchange(what) is what


def test_prose_only_loses_declared_secrets() -> None:
    assert RED.text("step 3 failed: Mustermann") == "step 3 failed: Mustermann"
    assert "geheim" not in Redactor(KEY, secrets=["geheim"]).text("typed geheim")


def test_an_exchange_without_response_has_none_afterwards() -> None:
    assert RED.exchange(replace(exchange(), response=None)).response is None


@given(st.text(min_size=1, max_size=40), st.binary(max_size=60))
def test_any_exchange_can_be_redacted(text: str, data: bytes) -> None:
    what = carrying(
        url=f"https://t.example/{text}?{text}={quote(text)}",
        headers=((text, text),),
        body=Body.of(data),
    )
    once = RED.exchange(what)
    assert RED.exchange(what) == once


@given(st.from_regex(r"[a-z]{6}[0-9]{6}", fullmatch=True))
def test_tokens_never_survive(token: str) -> None:
    url = f"https://t.example/u/{token}?a={token}&{token}#{token}"
    body = Body.of(json.dumps({"a": token, "b": {token: [token]}}).encode())
    assert token not in whole(RED.exchange(carrying(url=url, body=body)))


@pytest.mark.parametrize(
    ("query", "leaks"),
    [
        ("x=look+for+h%C3%A9patite+now", True),
        ("x=a%20h%C3%A9patite%2Cb", True),
        ("x=user7;hépatite;user8", True),
        ("e=abc%22h%C3%A9patite%22def", True),
        ("x=searchHépatiteNow", True),
        ("x=préhépatite", False),
        ("x=pr%C3%A9h%C3%A9patites", False),
        ("x=abcxhépatite", False),
    ],
)
def test_a_scan_of_what_was_written_finds_what_it_found_before(query: str, leaks: bool) -> None:
    """A stand-in beside a term neither hides the word nor makes one of a part of a longer one."""
    engine = Engine(["hépatite"])
    sent = Exchange(
        "1",
        Kind.HTTP,
        (Layer.TLS,),
        "t.example",
        443,
        1.0,
        Request("POST", f"https://t.example/p?{query}", (), Body.of(query.encode())),
    )
    assert bool(engine.scan(sent).sightings) is leaks
    redacted = RED.exchange(sent)
    assert redacted != sent
    assert bool(engine.scan(redacted).sightings) is leaks
