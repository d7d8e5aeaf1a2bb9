"""LZ4: frames (by magic) and single blocks, bare or behind their size (as lz4's `store_size`)."""

from __future__ import annotations

from collections.abc import Iterator

import lz4.block
import lz4.frame

from harness.detection.decoders.bounded import allowance, drain
from harness.detection.readability import is_text
from harness.detection.views import Piece

MAGIC = b"\x04\x22\x4d\x18"
MAX_FRAMES = 64
MAX_BLOCK_BYTES = 1 << 20
MIN_BLOCK_BYTES = 6
FEED_BYTES = 1 << 12
MIN_FRAME_BYTES = 16


def frame_pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """Every frame, wherever it starts."""
    at = data.find(MAGIC)
    for _ in range(MAX_FRAMES):
        if at < 0:
            return
        decoded, cut, consumed = _frame(data[at:], limit)
        end = at + len(MAGIC)
        if decoded or (
            cut and at == 0 and len(data) >= MIN_FRAME_BYTES
        ):  # elsewhere four bytes may be a magic by accident
            end = at + max(consumed, len(MAGIC))
            yield Piece("lz4", at, end, decoded, cut=cut)
        at = data.find(MAGIC, end)


def _frame(encoded: bytes, limit: int) -> tuple[bytes, bool, int]:
    """(decoded, cut, bytes consumed) of the frame that opens `encoded`; of a damaged one what comes
    before the damage."""
    decompressor = lz4.frame.LZ4FrameDecompressor()
    pending = encoded

    def step(max_bytes: int) -> bytes:
        nonlocal pending
        if decompressor.eof:
            return b""
        part: bytes = decompressor.decompress(pending, max_length=max_bytes)
        pending = b""
        return part

    try:
        decoded, cut = drain(step, len(encoded), limit)
    except RuntimeError:  # what the binding raises for a damaged frame
        return _salvaged(encoded, limit), True, len(encoded)
    rest = len(decompressor.unused_data or b"")
    return decoded, cut or not decompressor.eof, len(encoded) - rest


def _salvaged(encoded: bytes, limit: int) -> bytes:
    """The blocks of a frame before the one that is damaged."""
    decompressor = lz4.frame.LZ4FrameDecompressor()
    room = allowance(len(encoded), limit)
    parts: list[bytes] = []
    for at in range(0, len(encoded), FEED_BYTES):
        try:
            part: bytes = decompressor.decompress(encoded[at : at + FEED_BYTES], max_length=room)
        except RuntimeError:
            break
        parts.append(part)
        room -= len(part)
        if room <= 0 or decompressor.eof:
            break
    return b"".join(parts)


def block_pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """`data` as one block; it has no magic, so the caller must find the result readable."""
    if not MIN_BLOCK_BYTES <= len(data) <= MAX_BLOCK_BYTES:
        return
    sized = int.from_bytes(data[:4], "little")
    attempts = [(0, min(limit, 255 * len(data)))]
    if 0 < sized <= min(limit, 255 * len(data)):
        attempts.insert(0, (4, sized))
    for skip, size in attempts:
        if not _opens_with_text(data[skip : skip + 8]):
            continue
        try:
            decoded: bytes = lz4.block.decompress(data[skip:], uncompressed_size=size)
        except lz4.block.LZ4BlockError:
            continue
        if decoded:
            yield Piece("lz4", 0, len(data), decoded)
            return


def _opens_with_text(head: bytes) -> bool:
    """Whether a block begins with literals that are text; a first sequence must have some."""
    literals = head[0] >> 4 if head else 0
    return literals > 0 and is_text(head[2 if literals == 15 else 1 : 1 + literals])
