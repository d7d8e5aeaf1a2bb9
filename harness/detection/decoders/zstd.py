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
    for across in (True, False):
        decoded, cut = _decompressed(data[at:], limit, across)
        if decoded:
            yield Piece("zstd", at, len(data), decoded, cut=cut)
            return


def _decompressed(encoded: bytes, limit: int, across: bool) -> tuple[bytes, bool]:
    """All frames, or only the first where something else follows it."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    reader = decompressor.stream_reader(encoded, read_across_frames=across)
    try:
        return drain(lambda size: bytes(reader.read(size)), len(encoded), limit)
    except zstandard.ZstdError:
        return b"", False
