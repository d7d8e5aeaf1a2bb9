"""CBOR (RFC 8949) and CBOR sequences (RFC 8742)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cbor2

from harness.detection.decoders.packed import located
from harness.detection.views import Piece

STRING_OR_CONTAINER = range(0x40, 0xE0)
MAX_ITEMS = 10_000


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """Its strings, when items fill `data` exactly; bare numbers among them are no evidence."""
    if len(data) < 3 or data[0] not in STRING_OR_CONTAINER:
        return
    stream = io.BytesIO(data)
    trees: list[object] = []
    while stream.tell() < len(data):
        if data[stream.tell()] not in STRING_OR_CONTAINER or len(trees) == MAX_ITEMS:
            return
        try:
            trees.append(cbor2.CBORDecoder(stream).decode())
        except Exception:  # noqa: BLE001 - tags build arbitrary types (dates, fractions, regexes)
            return
    yield from located("cbor", data, trees)
