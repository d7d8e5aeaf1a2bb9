"""Brotli (RFC 7932). It has no magic: the stream must be complete to count."""

from __future__ import annotations

from collections.abc import Iterator

import brotli

from harness.detection.decoders.bounded import allowance
from harness.detection.views import Piece

CHUNKS_BYTES = (64, 256, 1024)
"""Input goes in by small pieces: the binding cannot bound its output, only we can stop feeding."""


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """`data` as one stream."""
    if len(data) < 3:
        return
    room = allowance(len(data), limit)
    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    total = at = turn = 0
    while at < len(data) and total < room:
        size = CHUNKS_BYTES[min(turn, len(CHUNKS_BYTES) - 1)]
        try:
            part = decoder.process(data[at : at + size])
        except brotli.error:
            return
        parts.append(part)
        total += len(part)
        at += size
        turn += 1
        if decoder.is_finished():
            break
    finished = decoder.is_finished()
    cut = total >= room and not finished
    if total and (cut or (finished and at >= len(data))):
        yield Piece("brotli", 0, len(data), b"".join(parts)[:room], cut=cut or total > room)
