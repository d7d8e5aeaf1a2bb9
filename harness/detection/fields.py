"""The innermost fields of a request, for comparing two requests. Pure.

Input: an exchange. Output: place (as sightings name it) and bytes of each value: path segments,
parameters, cookies, headers, and what is inside them and the body: JSON, forms, URLs, multipart,
protobuf, compressed or in base64. A name that comes again is yielded again. Percent and string
escapes are undone to bytes, never to characters, so that different values stay different; what is
not understood is one value as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from harness.detection import decoders
from harness.detection.decoders import base64_text, escapes, multipart, protobuf
from harness.detection.readability import is_text
from harness.detection.structure import FORM, NAME, URL, json_values, shown
from harness.traffic.exchange import Exchange

LIMIT_BYTES = 4 << 20
MAX_DEPTH = 12
MIN_BASE64 = 16
BASE64 = base64_text.ALPHABET + b"-_"
VOLATILE_HEADERS = frozenset({"date", "content-length", "content-md5", "if-modified-since", "age"})
BOUNDARY = re.compile(r"boundary=[^;]*")
Field = tuple[str, bytes]
"""Place and value."""


def fields(exchange: Exchange) -> Iterator[Field]:
    """(location, value) of every innermost field of the request."""
    request = exchange.request
    yield from _url("url", request.url.encode("utf-8", "surrogateescape"), 0)
    for name, value in request.headers:
        name = name.lower()
        if name in VOLATILE_HEADERS:
            continue
        place, data = f"header[{name}]", value.encode("utf-8", "surrogateescape")
        if name == "cookie":
            yield from _pairs(data, b";", (f"{place}.", ""), 0)
        elif name == "content-type":
            yield place, BOUNDARY.sub("", value).encode("utf-8", "surrogateescape")
        else:
            yield from _inside(place, data, 0)
    yield from _inside("body", request.body.data, 0)


def _inside(place: str, data: bytes, depth: int) -> Iterator[Field]:
    """The fields of a value that holds others, else the value itself."""
    if not data:
        return
    inner = list(_split(place, data, depth + 1)) if depth < MAX_DEPTH else []
    yield from inner or [(place, data)]


def _split(place: str, data: bytes, depth: int) -> Iterator[Field]:
    """What `data` consists of; nothing when it is no format that is known."""
    head = data[:64].lstrip()
    if multipart.is_multipart(data):
        yield from _multipart(place, data, depth)
    elif head[:1] in (b"{", b"[") and is_text(data):
        for path, value in json_values(data):
            yield from _inside(f"{place}.json${path}", _plain(value), depth)
    elif (url := URL.fullmatch(data)) is not None and url.group(1):
        yield from _url(f"{place}.url", data, depth)
    elif FORM.match(head) and is_text(data) and not any(byte in data for byte in b" \n\r\t"):
        yield from _pairs(data, b"&", (f"{place}.form[", "]"), depth)
    elif is_text(data):
        yield from _encoded(place, data, depth)
    else:
        yield from _binary(place, data, depth)


def _url(place: str, data: bytes, depth: int) -> Iterator[Field]:
    match = URL.match(data)
    if match is None:
        yield place, data
        return
    for number, segment in enumerate(match.group(3).split(b"/")[1:]):
        if segment:
            yield from _inside(f"{place}.path[{number}]", unquote_to_bytes(segment), depth)
    query, fragment = match.group(4) or b"", match.group(5) or b""
    yield from _pairs(query[1:], b"&", (f"{place}.query[", "]"), depth)
    yield from _inside(f"{place}.fragment", unquote_to_bytes(fragment[1:]), depth)


def _pairs(data: bytes, separator: bytes, around: tuple[str, str], depth: int) -> Iterator[Field]:
    """`around`: what stands before and after a name; a pair without `=` is all value."""
    for pair in data.split(separator):
        name, equals, value = pair.strip().partition(b"=")
        if not equals:
            name, value = b"", name
        if separator == b"&":
            value = value.replace(b"+", b" ")
        yield from _inside(shown(name).join(around), unquote_to_bytes(value), depth)


def _multipart(place: str, data: bytes, depth: int) -> Iterator[Field]:
    at = 0
    for piece in multipart.pieces(data):
        head = data[at : piece.start]
        name = NAME.search(head)
        here = f"{place}.multipart[{shown(name.group(1)) if name else ''}]"
        lines = [line for line in head.splitlines() if line[:2] != b"--"]  # boundaries are random
        yield f"{here}.header", b"\n".join(filter(None, lines))
        yield from _inside(here, piece.data, depth)
        at = piece.end


def _plain(value: bytes) -> bytes:
    """A JSON string without its escapes."""
    piece = next(escapes.pieces(value), None) if b"\\" in value else None
    return piece.data if piece is not None else value


def _encoded(place: str, data: bytes, depth: int) -> Iterator[Field]:
    """A format inside base64; a text there is worth no more than its encoding."""
    token = data.rstrip(b"=")
    if len(token) < MIN_BASE64 or token.translate(None, BASE64):
        return
    decoded = base64_text.decode_token(token, LIMIT_BYTES)
    if decoded:
        yield from _split(place, decoded, depth + 1) if depth < MAX_DEPTH else ()


def _binary(place: str, data: bytes, depth: int) -> Iterator[Field]:
    """What is unwrapped whole; else protobuf's fields, numbers too."""
    for decoder in decoders.STRICT if decoders.may_be_strict(data) else ():
        pieces = list(decoder(data, LIMIT_BYTES))
        if pieces and not any(piece.cut for piece in pieces):
            for piece in pieces:
                yield from _inside(place, piece.data, depth)
            return
    if len(data) > 2 and protobuf.fields(data, 0, len(data)):
        for path, start, end in protobuf.values(data, 0, len(data)):
            name = ".".join(map(str, path))
            yield from _inside(f"{place}.protobuf.{name}", data[start:end], MAX_DEPTH)
