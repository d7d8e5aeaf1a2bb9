"""Every value of a request by its place, as bytes."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from harness.detection.fields import fields
from harness.traffic.exchange import Exchange
from tests.detection.chains import get, post


def with_header(name: str, value: str) -> Exchange:
    exchange = get("https://t.example/")
    return replace(exchange, request=replace(exchange.request, headers=((name, value),)))


def all_of(exchange: Exchange, part: str) -> list[tuple[str, bytes]]:
    return [field for field in fields(exchange) if field[0].startswith(part)]


def test_repeated_names_are_all_there() -> None:
    found = all_of(get("https://t.example/p?q=1&q=2&flag"), "url.query")
    assert found == [("url.query[q]", b"1"), ("url.query[q]", b"2"), ("url.query[]", b"flag")]
    assert all_of(post(b'{"a": 1, "a": 2}'), "body") == [
        ("body.json$.a", b"1"),
        ("body.json$.a", b"2"),
    ]


def test_different_bytes_are_different_values() -> None:
    eighty, eighty_one = (all_of(get(f"https://t.example/?q=%8{n}"), "url.query") for n in (0, 1))
    assert eighty == [("url.query[q]", b"\x80")]
    assert eighty_one == [("url.query[q]", b"\x81")]


def test_path_segments_and_urls_in_urls() -> None:
    url = "https://t.example/s/h%C3%A9patite?dl=https%3A%2F%2Fc.example%2F%3Fk%3Dcovid"
    assert fields_of(get(url)) == {
        "url.path[0]": b"s",
        "url.path[1]": "hépatite".encode(),
        "url.query[dl].url.query[k]": b"covid",
    }


def test_cookies_one_by_one() -> None:
    exchange = with_header("Cookie", "_fbp=fb.1.2.3; seen=%7B%22q%22%3A%22covid%22%7D")
    assert fields_of(exchange, "header") == {
        "header[cookie]._fbp": b"fb.1.2.3",
        "header[cookie].seen.json$.q": b"covid",
    }


def test_json_in_a_form_and_in_base64() -> None:
    event = json.dumps({"e": {"q": "hépatite"}})
    form = b"v=1&data=" + base64.b64encode(event.encode())
    assert fields_of(post(form), "body") == {
        "body.form[v]": b"1",
        "body.form[data].json$.e.q": "hépatite".encode(),
    }


def test_multipart_without_its_random_boundary() -> None:
    def body(boundary: str) -> Exchange:
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="q"\r\n\r\ncovid\r\n'
        return post(f"{part}--{boundary}--\r\n".encode())

    found = fields_of(body("aaa"), "body")
    assert found["body.multipart[q]"] == b"covid"
    assert found == fields_of(body("bbb"), "body")
    types = [
        fields_of(with_header("Content-Type", f"multipart/form-data; boundary={mark}"), "header")
        for mark in "ab"
    ]
    assert types[0] == types[1]


def test_protobuf_numbers_and_texts() -> None:
    # field 1: varint 150; field 2: "testing" (protobuf.dev, encoding); field 3: fixed32
    message = bytes.fromhex("089601120774657374696e671d01020304")
    assert fields_of(post(message), "body") == {
        "body.protobuf.1": b"\x96\x01",
        "body.protobuf.2": b"testing",
        "body.protobuf.3": b"\x01\x02\x03\x04",
    }


def test_what_is_compressed_is_unwrapped_and_what_is_unknown_is_one_value() -> None:
    assert fields_of(post(gzip.compress(b"a=1&b=%C3%A9")), "body")["body.form[b]"] == "é".encode()
    assert fields_of(post(b"\x00\x01"), "body") == {"body": b"\x00\x01"}
    assert fields_of(post(b"plain words"), "body") == {"body": b"plain words"}


def test_what_changes_by_itself_is_left_out() -> None:
    assert fields_of(with_header("Content-Length", "5"), "header") == {}


@given(st.binary(max_size=200))
def test_any_bytes_have_fields(data: bytes) -> None:
    assert bool(all_of(post(data), "body")) or not data.strip(b'{}[]," \n\r\t&;=')


def fields_of(exchange: Exchange, part: str = "url") -> dict[str, bytes]:
    return dict(all_of(exchange, part))
