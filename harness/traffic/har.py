"""HTTP Archive 1.2 to exchanges, entry by entry (w3c.github.io/web-performance, HAR 1.2).

Input: a stream with a HAR document, of any size. Output: per entry an `Exchange`, or a `Fault` for
an entry that is none; the others are still read. Understood beyond the standard: binary request
bodies as base64 (`postData._encoding` or `encoding`, also as HTTP Toolkit and Proxyman write them),
bodies that were forced into Latin-1 text, Chrome's `_webSocketMessages`, and our own `_leak`.

What a file does not hold is said, never guessed: a body that is announced but absent, announced
trailers (the format has no place for them), damaged base64, an unknown `_encoding` all end up in
`Body.unread`.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlsplit

from harness.traffic.exchange import (
    EMPTY,
    Body,
    Exchange,
    Header,
    Kind,
    Layer,
    Request,
    Response,
)
from harness.traffic.har_note import NOTE, noted
from harness.traffic.json_walk import Element, Walk

Json = Mapping[str, object]
NO_DATA = "the file does not hold the message's data as text"
BINARY_SIGNS = frozenset("\x00\x01\x02\x03\x04\x05\x06\x08\x0b\x0e\x0f\x1f")
BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
TRAILERS = ("trailers", "_trailers")
"""Fields beyond the standard that a writer may list trailers in, as headers are listed."""
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that is not a request: its index and why, as a clause."""

    index: int
    reason: str
    source: str = ""


Entry = Exchange | Fault


def read_entries(walk: Walk, source: str) -> Iterator[Entry]:
    """Every entry of the document, in order; WalkError where it breaks off.

    Raises:
        WalkError: not JSON, not a HAR document, or cut; what came before was yielded.
        ValueError: there is no `log.entries`.
    """
    if not walk.enter("log", "entries"):
        raise ValueError("there is no array `log.entries`")
    for element in walk.elements():
        yield from entry_exchanges(element, source)


def entry_exchanges(element: Element, source: str) -> Iterator[Entry]:
    """The exchange of one entry, followed by its WebSocket messages."""
    entry = element.value
    try:
        exchange = _exchange(entry, element.number, source)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        yield Fault(element.number, str(error) or type(error).__name__, source)
        return
    fields: Json = entry if isinstance(entry, dict) else {}
    exchange, doubt = noted(exchange, fields.get(NOTE))
    if exchange.host or not doubt:
        yield exchange
    if doubt:
        yield Fault(element.number, doubt, source)
    messages = fields.get("_webSocketMessages")
    if isinstance(messages, list):
        for number, message in enumerate(messages):
            if isinstance(message, dict):
                yield _websocket(exchange, number, message)
            else:
                yield Fault(element.number, f"WebSocket message {number} is no object", source)
    elif messages is not None:
        yield Fault(element.number, "its `_webSocketMessages` are no list", source)


def _exchange(entry: object, index: int, source: str) -> Exchange:
    if not isinstance(entry, dict):
        raise ValueError(f"an entry is an object, this is {type(entry).__name__}")
    raw = entry.get("request")
    if not isinstance(raw, dict):
        raise ValueError("the entry has no `request`")
    url = raw.get("url")
    if not isinstance(url, str) or not url:
        raise ValueError("the request has no `url`")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise ValueError(f"the request's url cannot be read ({error})") from error
    if not host and entry.get(NOTE) is None:
        raise ValueError("the request's url names no host")
    response = entry.get("response")
    return Exchange(
        id=f"{source}#{index}" if source else str(index),
        kind=Kind.HTTP,
        seen_by=(Layer.WITNESS,),
        host=host,
        port=port or PORTS.get(parts.scheme.lower(), 0),
        started_s=_moment(entry.get("startedDateTime")),
        request=_request(raw, url),
        response=_response(response) if isinstance(response, dict) else None,
        index=index,
        source=source,
    )


def _request(raw: Json, url: str) -> Request:
    headers = _headers(raw, "cookie")
    body = _request_body(raw, headers)
    missing = _missing_trailers(headers)
    if missing and not body.unread:
        reason = f"the file does not hold the trailers that were announced ({', '.join(missing)})"
        body = replace(body, unread=reason)
    return Request(
        method=str(raw.get("method", "")),
        url=url,
        headers=headers,
        body=body,
        http_version=str(raw.get("httpVersion", "")),
    )


def _response(raw: Json) -> Response:
    headers = _headers(raw, "set-cookie")
    content = raw.get("content")
    body = EMPTY
    if isinstance(content, dict):
        text, size = content.get("text"), _number(content.get("size"))
        if isinstance(text, str) and text:
            body = _body(text, content.get("encoding"))
        elif size > 0:
            body = Body(b"", size, "the file does not hold the body")
    status = raw.get("status")
    return Response(
        status=status if isinstance(status, int) else 0,
        headers=headers,
        body=body,
        http_version=str(raw.get("httpVersion", "")),
    )


def _headers(raw: Json, cookie_header: str) -> tuple[Header, ...]:
    """Headers as listed, then trailers; cookies from their own list where no header holds them."""
    found = _listed(raw.get("headers"))
    for extension in TRAILERS:
        if extension in raw:
            found += _listed(raw[extension])
    cookies = raw.get("cookies")
    held = any(name.lower() == cookie_header for name, _ in found)
    if isinstance(cookies, list) and cookies and not held:
        pairs = [
            f"{item.get('name', '')}={_string(item.get('value'))}"
            for item in cookies
            if isinstance(item, dict)
        ]
        found.append((cookie_header, "; ".join(pairs)))
    return tuple(found)


def _listed(headers: object) -> list[Header]:
    return [
        (str(item.get("name", "")), _string(item.get("value")))
        for item in (headers if isinstance(headers, list) else ())
        if isinstance(item, dict)
    ]


def _missing_trailers(headers: tuple[Header, ...]) -> tuple[str, ...]:
    """Names that a `Trailer` header announces (RFC 9110, 6.6.2) and that nothing follows."""
    announced = [value for name, value in headers if name.lower() == "trailer"]
    if not announced:
        return ()
    held = {name.lower() for name, _ in headers}
    names = (name.strip() for value in announced for name in value.split(","))
    return tuple(name for name in names if name and name.lower() not in held)


def _request_body(raw: Json, headers: tuple[Header, ...]) -> Body:
    announced = max(_announced(headers), _number(raw.get("bodySize")))
    data = raw.get("postData")
    if not isinstance(data, dict):
        if announced > 0:
            return Body(b"", announced, f"the file does not hold the body of {announced} bytes")
        return EMPTY
    text, params = data.get("text"), data.get("params")
    if isinstance(text, str) and text:
        body = _body(text, data.get("_encoding", data.get("encoding")))
    elif isinstance(params, list) and params:
        body = Body.of(_form(params))
    elif announced > 0:
        return Body(b"", announced, f"the file does not hold the body of {announced} bytes")
    else:
        return EMPTY
    if not body.unread and len(body.data) < _announced(headers):
        return replace(body, size_bytes=_announced(headers))
    return body


def _form(params: list[object]) -> bytes:
    pairs = [
        f"{quote(_string(item.get('name')))}="
        f"{quote(_string(item.get('value')) or _string(item.get('fileName')))}"
        for item in params
        if isinstance(item, dict)
    ]
    return "&".join(pairs).encode()


def _body(text: str, encoding: object) -> Body:
    """The bytes behind a text of the file."""
    if encoding == "base64":
        try:
            return Body.of(binascii.a2b_base64(text.encode("ascii"), strict_mode=False))
        except (ValueError, UnicodeEncodeError) as error:
            return _damaged(text, f"its base64 is damaged ({error})")
    data = _bytes_of(text)
    if encoding not in (None, "", "utf-8", "utf8", "text", "plain"):
        return Body(data, len(data), f"its encoding {encoding!r} is unknown")
    return Body.of(data)


def _damaged(text: str, reason: str) -> Body:
    """As much as the whole quanta of the alphabet's characters give."""
    raw = text.encode("utf-8", "replace")
    raw = bytes(byte for byte in raw if byte in BASE64)
    data = binascii.a2b_base64(raw[: len(raw) - len(raw) % 4])
    return Body(data, len(data), reason)


def _bytes_of(text: str) -> bytes:
    """UTF-8, or one byte a character where a writer pressed binary data into text."""
    if not text.isascii() and not BINARY_SIGNS.isdisjoint(text):
        try:
            return text.encode("latin-1")
        except UnicodeEncodeError:
            pass  # there are characters above U+00FF: it is a text after all
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _websocket(exchange: Exchange, number: int, message: Json) -> Exchange:
    """One of Chrome's list; binary ones (opcode 2) are base64. What is not said to have been
    received counts as sent."""
    encoding = "base64" if message.get("opcode") == 2 else None
    data = message.get("data")
    body = _body(data, encoding) if isinstance(data, str) else Body(b"", 0, NO_DATA)
    sent = message.get("type") != "receive"
    time = message.get("time")
    return replace(
        exchange,
        id=f"{exchange.id}.{number}",
        kind=Kind.WEBSOCKET,
        started_s=float(time) if isinstance(time, (int, float)) else exchange.started_s,
        request=Request("SEND" if sent else "", exchange.request.url, (), body if sent else EMPTY),
        response=None if sent else Response(0, (), body),
    )


def _announced(headers: tuple[Header, ...]) -> int:
    for name, value in headers:
        if name.lower() == "content-length" and value.isascii() and value.isdigit():
            return int(value[:15])
    return -1


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _string(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _moment(value: object) -> float:
    """Unix seconds of an ISO 8601 time; 0 when there is none."""
    if not isinstance(value, str):
        return 0.0
    try:
        return datetime.fromisoformat(value).timestamp()
    except ValueError:
        return 0.0
