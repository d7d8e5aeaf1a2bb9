"""JSON Web Tokens, by the examples of RFC 7515 and RFC 7519."""

from __future__ import annotations

import json
import time

import pytest

from harness.detection.decoders.jwt import is_signature, pieces

RFC_7515_A1 = (
    b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    b".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    b".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
RFC_7519_6_1 = (
    b"eyJhbGciOiJub25lIn0"
    b".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
)


@pytest.mark.parametrize("token", [RFC_7515_A1, RFC_7519_6_1])
@pytest.mark.parametrize("frame", [b"%s", b"Authorization: Bearer %s", b'{"t":"%s"}', b"a=%s&b=1"])
def test_header_and_payload(token: bytes, frame: bytes) -> None:
    data = frame % token
    header, payload = pieces(data)
    assert json.loads(header.data)["alg"] in {"HS256", "none"}
    assert json.loads(payload.data) == {
        "iss": "joe",
        "exp": 1300819380,
        "http://example.com/is_root": True,
    }
    assert data[payload.start : payload.end] == token.split(b".")[1]


def test_every_token_of_a_text() -> None:
    assert len(list(pieces(RFC_7515_A1 + b" " + RFC_7519_6_1))) == 4


@pytest.mark.parametrize(
    "data", [b"", b"eyJ", b"eyJhbGciOiJub25lIn0", b"eyJhbGciOiJub25lIn0.eyJh", b"www.example.org"]
)
def test_what_is_no_token(data: bytes) -> None:
    assert list(pieces(data)) == []


@pytest.mark.parametrize("data", [b"eyJ" * 100_000, b"eyJaaaa." * 40_000, b"A" * 300_000 + b"eyJ"])
def test_no_run_makes_it_crawl(data: bytes) -> None:
    before = time.process_time()
    list(pieces(data))
    assert time.process_time() - before < 2


def test_only_what_stands_behind_a_token_and_has_its_length_is_a_signature() -> None:
    head, signature = b"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0", b"A" * 342
    assert is_signature(b'{"t":"' + head + b"." + signature + b'"}', signature)
    assert not is_signature(head + b"," + signature, signature)
    assert not is_signature(head + b"." + signature + b"B", signature + b"B")
    assert not is_signature(b"x." + signature, signature)
