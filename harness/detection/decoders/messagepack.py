"""MessagePack (github.com/msgpack/msgpack/blob/master/spec.md), also several values in a row."""

from __future__ import annotations

from collections.abc import Iterator

import msgpack

from harness.detection.decoders.packed import located
from harness.detection.views import Piece

CONTAINERS = frozenset((*range(0x80, 0xA0), *range(0xC4, 0xCA), *range(0xD9, 0xE0)))
STRINGS = frozenset(range(0xA1, 0xC0))
OPENINGS = CONTAINERS | STRINGS
MAX_VALUES = 10_000


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """Its strings, when values fill `data` exactly; bare numbers among them are no evidence."""
    if len(data) < 3 or data[0] not in OPENINGS:
        return
    unpacker = msgpack.Unpacker(
        raw=True,
        strict_map_key=False,
        object_pairs_hook=list,
        max_buffer_size=len(data),
    )
    unpacker.feed(data)
    trees: list[object] = []
    end = 0
    try:
        for tree in unpacker:
            if data[end] not in OPENINGS or len(trees) == MAX_VALUES:
                return
            trees.append(tree)
            end = unpacker.tell()
    except (ValueError, RecursionError):  # msgpack's own errors derive from ValueError
        return
    if end == len(data):
        yield from located("msgpack", data, trees)
