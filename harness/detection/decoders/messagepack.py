"""MessagePack (github.com/msgpack/msgpack/blob/master/spec.md)."""

from __future__ import annotations

from collections.abc import Iterator

import msgpack

from harness.detection.decoders.packed import located
from harness.detection.views import Piece

CONTAINERS = frozenset((*range(0x80, 0xA0), *range(0xC4, 0xCA), *range(0xD9, 0xE0)))
STRINGS = frozenset(range(0xA1, 0xC0))
OPENINGS = CONTAINERS | STRINGS


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """Its strings, when one value fills `data` exactly."""
    if len(data) < 3 or data[0] not in OPENINGS:
        return
    try:
        tree = msgpack.unpackb(data, raw=True, strict_map_key=False, object_pairs_hook=list)
    except (ValueError, RecursionError):  # msgpack's own errors derive from ValueError
        return
    yield from located("msgpack", data, tree)
