"""Zstandard frames (RFC 8878), wherever they start."""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

from harness.detection.decoders.bounded import drain
from harness.detection.views import Piece

MAGIC = b"\x28\xb5\x2f\xfd"
MAX_WINDOW_BYTES = 1 << 27
MAX_FRAMES = 64
CHECKSUM_BYTES = 4
BLOCK_HEAD_BYTES = 3
RLE_BLOCK = 1


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """One piece per frame; a frame that breaks off or is damaged gives its beginning."""
    at = data.find(MAGIC)
    for _ in range(MAX_FRAMES):
        if at < 0:
            return
        end, whole = _extent(data, at)
        if end > at:
            decoded, cut = _decompressed(data[at:end], limit)
            if decoded:
                yield Piece("zstd", at, end, decoded, cut=cut or not whole)
        at = data.find(MAGIC, max(end, at + len(MAGIC)))


def _decompressed(frame: bytes, limit: int) -> tuple[bytes, bool]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    reader = decompressor.stream_reader(frame)
    damaged = False

    def step(max_bytes: int) -> bytes:
        nonlocal damaged
        try:
            return bytes(reader.read1(max_bytes))
        except zstandard.ZstdError:
            damaged = True
            return b""

    decoded, cut = drain(step, len(frame), limit)
    return decoded, cut or damaged


def _extent(data: bytes, start: int) -> tuple[int, bool]:
    """Where the frame at `start` ends, by its block headers, and whether all of it is there.

    The reader of the library tells neither how much it took nor whether the frame was complete.
    """
    try:
        header = data[start : start + 18]
        at = start + zstandard.frame_header_size(header)
        checksum = zstandard.get_frame_parameters(header).has_checksum
    except zstandard.ZstdError:
        return start, False
    while at + BLOCK_HEAD_BYTES <= len(data):
        head = int.from_bytes(data[at : at + BLOCK_HEAD_BYTES], "little")
        at += BLOCK_HEAD_BYTES + (1 if head >> 1 & 3 == RLE_BLOCK else head >> 3)
        if head & 1:
            at += CHECKSUM_BYTES if checksum else 0
            return min(at, len(data)), at <= len(data)
    return len(data), False
