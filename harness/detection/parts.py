"""The raw bytes of an exchange that are searched, each on its own. Pure.

Input: an exchange. Output: its parts in reading order: URL, headers, body, then those of the
response. Nothing is decoded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from harness.traffic.exchange import Body, Exchange, Header


class Part(NamedTuple):
    """Raw bytes of an exchange that are searched on their own."""

    name: str
    data: bytes
    body: Body | None = None
    content_type: str = ""


def parts(exchange: Exchange) -> Iterator[Part]:
    """The parts of an exchange in reading order."""
    request, response = exchange.request, exchange.response
    yield Part("url", request.url.encode("utf-8", "surrogateescape"))
    yield from _headers("", request.headers)
    yield _body("body", request.body, request.headers)
    if response is not None:
        yield from _headers("response.", response.headers)
        yield _body("response.body", response.body, response.headers)


def _headers(prefix: str, headers: Sequence[Header]) -> Iterator[Part]:
    for name, value in headers:
        if value:
            data = value.encode("utf-8", "surrogateescape")
            yield Part(f"{prefix}header[{name.lower()}]", data)


def _body(name: str, body: Body, headers: Sequence[Header]) -> Part:
    content_type = next((value for key, value in headers if key.lower() == "content-type"), "")
    return Part(name, body.data, body, content_type.partition(";")[0].strip())
