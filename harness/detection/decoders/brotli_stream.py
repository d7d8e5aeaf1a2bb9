"""Brotli (RFC 7932). It has no magic: the stream must be complete to count."""

from __future__ import annotations

from collections.abc import Iterator

import brotli

from harness.detection.decoders.bounded import allowance
from harness.detection.views import Piece

CHUNK_BYTES = 64
"""Input goes in by small pieces: the binding cannot bound its output, only we can stop feeding. A
kilobyte of a bomb would already be hundreds of megabytes."""


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """`data` as one stream."""
    if len(data) < 3:
        return
    room = allowance(len(data), limit)
    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    total = at = 0
    while at < len(data) and total < room:
        try:
            part = decoder.process(data[at : at + CHUNK_BYTES])
        except brotli.error:
            return
        parts.append(part)
        total += len(part)
        at += CHUNK_BYTES
        if decoder.is_finished():
            break
    finished = decoder.is_finished()
    cut = total >= room and not finished
    if total and (cut or (finished and at >= len(data))):
        yield Piece("brotli", 0, len(data), b"".join(parts)[:room], cut=cut or total > room)
