"""Which fields follow the typed term, even where nobody can read them? Pure.

Input: the exchanges of three runs: A and A again with one term, B with another. Output: fields
whose value is the same in both A runs and different in B. Three runs suffice, the input is ours
(the idea of black-box differencing is Agrigento's, NDSS 2017).

It cannot see what is encrypted under a fresh key or nonce each time: such a value differs between
the A runs too, is counted as unstable, and remains a blind spot of the scan.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from harness.detection import decoders
from harness.traffic.exchange import Body, Exchange

LIMIT_BYTES = 4 << 20
MAX_DEPTH = 12
VOLATILE_HEADERS = frozenset({"date", "content-length", "content-md5", "if-modified-since", "age"})
RunKey = tuple[str, str, str, int]
"""Host, method, path, how often that came before in the run."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A field that follows the term.

    Attributes:
        index_a, index_b: entries of the first and the third run.
        location: as in a sighting.
        value_a, value_b: shortened for display.
    """

    host: str
    method: str
    path: str
    location: str
    index_a: int
    index_b: int
    value_a: str
    value_b: str


def followers(
    first: Sequence[Exchange], again: Sequence[Exchange], other: Sequence[Exchange]
) -> tuple[Follower, ...]:
    """Fields that are stable between the A runs and changed in B, in the order of the first run."""
    runs = [dict(_keyed(run)) for run in (first, again, other)]
    found: list[Follower] = []
    for key, exchange in runs[0].items():
        twin, changed = runs[1].get(key), runs[2].get(key)
        if twin is None or changed is None:
            continue
        before, same, after = (dict(fields(item)) for item in (exchange, twin, changed))
        for location, value in before.items():
            if same.get(location) == value and after.get(location, value) != value:
                found.append(
                    Follower(
                        host=key[0],
                        method=key[1],
                        path=key[2],
                        location=location,
                        index_a=exchange.index,
                        index_b=changed.index,
                        value_a=_shown(value),
                        value_b=_shown(after[location]),
                    )
                )
    return tuple(found)


def _keyed(run: Sequence[Exchange]) -> Iterator[tuple[RunKey, Exchange]]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for exchange in run:
        name = (exchange.host, exchange.request.method, urlsplit(exchange.request.url).path)
        yield (*name, seen[name]), exchange
        seen[name] += 1


def fields(exchange: Exchange) -> Iterator[tuple[str, bytes]]:
    """(location, value) of every innermost field of the request."""
    request = exchange.request
    for name, value in parse_qsl(urlsplit(request.url).query, keep_blank_values=True):
        yield f"url.query[{name}]", value.encode("utf-8", "surrogateescape")
    for name, value in request.headers:
        if name.lower() not in VOLATILE_HEADERS:
            yield f"header[{name.lower()}]", value.encode("utf-8", "surrogateescape")
    yield from _body_fields(request.body)


def _body_fields(body: Body) -> Iterator[tuple[str, bytes]]:
    data = body.data
    for decoder in decoders.STRICT:
        piece = next(decoder(data, LIMIT_BYTES), None)
        if piece is not None and not piece.cut:
            data = piece.data
            break
    if not data:
        return
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            yield from _json_fields("body.json$", json.loads(data), 0)
        except (ValueError, RecursionError):
            yield "body", data
    elif b"=" in data[:256] and data.isascii():
        for name, value in parse_qsl(data.decode("ascii"), keep_blank_values=True):
            yield f"body.form[{name}]", value.encode("utf-8", "surrogateescape")
    else:
        yield "body", data


def _json_fields(path: str, node: object, depth: int) -> Iterator[tuple[str, bytes]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _json_fields(f"{path}.{key}", value, depth + 1)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _json_fields(f"{path}[{index}]", value, depth + 1)
    else:
        text = node if isinstance(node, str) else json.dumps(node)
        yield path, text.encode("utf-8", "surrogatepass")


def _shown(value: bytes) -> str:
    text = value[:80].decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else "·" for char in text)
