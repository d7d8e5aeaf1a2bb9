"""Zstandard frames (RFC 8878), wherever they start."""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

from harness.detection.decoders.bounded import drain
from harness.detection.views import Piece

MAGIC = b"\x28\xb5\x2f\xfd"
MAX_WINDOW_BYTES = 1 << 27


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """From the first frame on."""
    at = data.find(MAGIC)
    if at < 0:
        return
    decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    reader = decompressor.stream_reader(data[at:], read_across_frames=True)

    def step(max_bytes: int) -> bytes:
        # What follows the last frame is an error to the reader; what came before counts.
        try:
            return bytes(reader.read1(max_bytes))
        except zstandard.ZstdError:
            return b""

    decoded, cut = drain(step, len(data) - at, limit)
    if decoded:
        yield Piece("zstd", at, len(data), decoded, cut=cut)
