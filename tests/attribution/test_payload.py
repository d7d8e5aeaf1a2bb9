"""Names of a request, however they are wrapped; never an exception."""

from __future__ import annotations

import gzip
import json

from hypothesis import given
from hypothesis import strategies as st

from harness.attribution.payload import names_of
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request

HOST = "https://m.clinic.example"


def sent(url: str, body: bytes = b"") -> Exchange:
    request = Request("POST" if body else "GET", url, (), Body.of(body))
    return Exchange("1", Kind.HTTP, (Layer.WITNESS,), "m.clinic.example", 443, 0.0, request)


def test_query_form_and_json() -> None:
    assert names_of(sent(f"{HOST}/?a=1&b=", b"c=1&d=2")).top == {"a", "b", "c", "d"}
    assert names_of(sent(HOST, b'[{"x": 1}, {"y": []}]')).top == {"x", "y"}


def test_depths() -> None:
    names = names_of(sent(HOST, gzip.compress(b'{"a": {"b": "{\\"c\\": 1}"}}')))
    assert names.top == {"a"}
    assert names.deep == {"a", "b", "c"}


def test_one_document_a_line() -> None:
    lines = b'{"event_id": 1}\n{"type": "event"}\nnot json\n{"level": 2}'
    assert names_of(sent(HOST, lines)).top == {"event_id", "type", "level"}


def test_what_cannot_be_read_has_no_names() -> None:
    assert names_of(sent("https://[::1/x?a=1", b"\x1f\x8bbroken")).deep == set()
    assert names_of(sent(HOST, b"[" * 100_000)).deep == set()


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_never_an_exception(data: bytes) -> None:
    names_of(sent(f"{HOST}/", data))
    names_of(sent(f"{HOST}/", b"data=" + data))
    names_of(sent(f"{HOST}/", json.dumps({"a": data.decode("latin-1")}).encode()))
