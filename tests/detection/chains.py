"""Reference encoders for the property tests: the standard library and the formats' own packages.

Each encoder turns bytes into bytes and names the decoder that must undo it. `carriers` put the
result where tracker traffic carries values.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import brotli
import cbor2
import lz4.frame
import msgpack
import zstandard

from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request

Encode = Callable[[bytes], bytes]
HOST = "t.example"


@dataclass(frozen=True)
class Encoder:
    """`name` is the decoder's; `text_out`: the result is ASCII; `text_in`: it wants text."""

    name: str
    encode: Encode
    text_out: bool
    text_in: bool = False


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def json_string(data: bytes) -> bytes:
    """An object with the text in it, all non-ASCII escaped."""
    return json.dumps({"k": data.decode()}).encode()


ENCODERS = (
    Encoder("base64", base64.b64encode, True),
    Encoder("base64", lambda data: base64.b64encode(data).rstrip(b"="), True),
    Encoder("base64", lambda data: base64.urlsafe_b64encode(data).rstrip(b"="), True),
    Encoder("hex", lambda data: data.hex().encode(), True),
    Encoder("hex", lambda data: data.hex().upper().encode(), True),
    Encoder("base32", base64.b32encode, True),
    Encoder("percent", lambda data: quote(data, safe="").encode(), True, True),
    Encoder("json-escape", json_string, True, True),
    Encoder("gzip", lambda data: gzip.compress(data, mtime=0), False),
    Encoder("zlib", zlib.compress, False),
    Encoder("deflate", raw_deflate, False),
    Encoder("brotli", brotli.compress, False),
    Encoder("zstd", zstandard.ZstdCompressor().compress, False),
    Encoder("lz4", lz4.frame.compress, False),
    Encoder("msgpack", lambda data: msgpack.packb({"k": data}), False),
    Encoder("cbor", lambda data: cbor2.dumps({"k": data}), False),
)


def applied(chain: tuple[Encoder, ...], data: bytes) -> bytes | None:
    """`data` through the chain, innermost encoder first; None when an encoder refuses it."""
    is_text = True
    for encoder in chain:
        if encoder.text_in and not is_text:
            return None
        data = encoder.encode(data)
        is_text = encoder.text_out
    return data


def post(data: bytes, content_type: str = "application/octet-stream") -> Exchange:
    headers = (("Content-Type", content_type),)
    request = Request("POST", f"https://{HOST}/v1", headers, Body.of(data))
    return Exchange("0", Kind.HTTP, (Layer.WITNESS,), HOST, 443, 0.0, request)


def get(url: str) -> Exchange:
    request = Request("GET", url)
    return Exchange("0", Kind.HTTP, (Layer.WITNESS,), HOST, 443, 0.0, request)


def in_body(data: bytes) -> Exchange:
    return post(data)


def in_form(data: bytes) -> Exchange:
    body = b"v=1&d=" + quote_plus(data).encode() + b"&z=9"
    return post(body, "application/x-www-form-urlencoded")


def in_json(data: bytes) -> Exchange:
    body = json.dumps({"id": 7, "d": data.decode("ascii"), "ok": True}).encode()
    return post(body, "application/json")


def in_query(data: bytes) -> Exchange:
    return get(f"https://{HOST}/p.gif?a=1&d={quote(data, safe='')}&b=2")


def in_multipart(data: bytes) -> Exchange:
    head = b'--Xb\r\nContent-Disposition: form-data; name="d"\r\n\r\n'
    return post(head + data + b"\r\n--Xb--\r\n", "multipart/form-data; boundary=Xb")


CARRIERS = (in_body, in_form, in_query, in_multipart, in_json)
TEXT_ONLY = frozenset({in_json})
