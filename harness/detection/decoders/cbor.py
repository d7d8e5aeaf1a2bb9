"""CBOR (RFC 8949)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cbor2

from harness.detection.decoders.packed import located
from harness.detection.views import Piece

STRING_OR_CONTAINER = range(0x40, 0xE0)


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """Its strings, when one item fills `data` exactly."""
    if len(data) < 3 or data[0] not in STRING_OR_CONTAINER:
        return
    stream = io.BytesIO(data)
    try:
        tree = cbor2.CBORDecoder(stream).decode()
    except Exception:  # noqa: BLE001 - tags build arbitrary types (dates, fractions, regexes)
        return
    if stream.tell() == len(data):
        yield from located("cbor", data, tree)
