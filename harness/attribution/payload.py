"""The names in a request: of parameters, form fields, parts and JSON keys. Pure.

Input: an exchange. Output: names at the top (of the query, a form, a multipart body, a JSON object
or the objects of a JSON array), and names at any depth, JSON inside parameters and base64 too.
Compressed bodies are unwrapped, each to at most `MAX_BODY_BYTES`. Values are not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from harness.detection import decoders
from harness.detection.decoders import base64_text, brotli_stream, inflate, multipart
from harness.detection.readability import is_text
from harness.detection.structure import NAME
from harness.traffic.exchange import Exchange

MAX_BODY_BYTES = 1 << 20
MAX_DEPTH = 6
MAX_NAMES = 20_000
MIN_BASE64 = 16
BASE64 = base64_text.ALPHABET + b"-_"


@dataclass(slots=True)
class Names:
    """Names at the top, and at any depth (those at the top included)."""

    top: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)

    def add(self, name: str, depth: int) -> None:
        if not depth:
            self.top.add(name)
        if len(self.deep) < MAX_NAMES:
            self.deep.add(name)


def names_of(exchange: Exchange) -> Names:
    """All names of a request. Never raises on what was sent."""
    request, names = exchange.request, Names()
    try:
        query = urlsplit(request.url).query
    except ValueError:  # hooks hand over whatever the app wrote
        query = ""
    _form(query, names, 0)
    for data in _unwrapped(request.body.data[:MAX_BODY_BYTES], 0):
        _collect(data, names, 0)
    return names


def _unwrapped(data: bytes, depth: int) -> Iterator[bytes]:
    """The texts in a body: itself, or what it holds compressed or in frames."""
    if not data or multipart.is_multipart(data) or is_text(data) or depth >= MAX_DEPTH:
        yield data
        return
    strict = decoders.STRICT if decoders.may_be_strict(data) else ()
    for decoder in (*strict, brotli_stream.pieces, inflate.deflate_pieces):
        pieces = list(decoder(data, MAX_BODY_BYTES))
        if pieces:
            for piece in pieces:
                yield from _unwrapped(piece.data, depth + 1)
            return


def _collect(data: bytes, names: Names, depth: int) -> None:
    if depth > MAX_DEPTH or not data:
        return
    if multipart.is_multipart(data):
        _multipart(data, names, depth)
        return
    text = data.decode("utf-8", "replace").strip()
    if text[:1] in ("{", "["):
        for document in _documents(text):
            _keys(document, names, depth, depth)
    elif "=" in text[:256]:
        for line in text.splitlines():  # one event a line
            _form(line, names, depth)


def _multipart(data: bytes, names: Names, depth: int) -> None:
    at = 0
    for piece in multipart.pieces(data):
        name = NAME.search(data, at, piece.start)
        if name is not None:
            names.add(name.group(1).decode("utf-8", "replace"), depth)
        for inner in _unwrapped(piece.data, depth + 1):
            _collect(inner, names, depth + 1)
        at = piece.end


def _form(text: str, names: Names, depth: int) -> None:
    for name, value in parse_qsl(text, keep_blank_values=True):
        names.add(name, depth)
        if value[:1] in ("{", "["):
            _collect(value.encode("utf-8", "surrogatepass"), names, depth + 1)
        elif len(value) >= MIN_BASE64 and value.isascii():
            token = value.replace(" ", "+").rstrip("=").encode()
            decoded = (
                None
                if token.translate(None, BASE64)
                else base64_text.decode_token(token, MAX_BODY_BYTES)
            )
            if decoded and is_text(decoded):
                _collect(decoded, names, depth + 1)


def _documents(text: str) -> list[object]:
    """The document, or one a line; nothing of what is neither."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):  # the latter: nothing but brackets
        pass
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError):
            continue
    return found


def _keys(root: object, names: Names, top: int, depth: int) -> None:
    """`top` is the depth that names directly in `root` have."""
    rows: list[tuple[object, int]] = [(root, top)]
    if isinstance(root, list):
        rows = [(item, top) for item in root]
    while rows and len(names.deep) < MAX_NAMES:
        node, level = rows.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                names.add(str(key), level)
                rows.append((value, level + 1))
        elif isinstance(node, list):
            rows += [(item, level) for item in node]
        elif isinstance(node, str) and node[:1] in ("{", "["):
            _collect(node.encode("utf-8", "surrogatepass"), names, depth + 1)
