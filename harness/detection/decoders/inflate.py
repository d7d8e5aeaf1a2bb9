"""DEFLATE in its three containers: gzip (RFC 1952), zlib (RFC 1950), raw (RFC 1951)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from harness.detection.decoders.bounded import allowance, drain
from harness.detection.views import Piece

GZIP_MAGIC = b"\x1f\x8b\x08"
CONTAINERS = {"gzip": 31, "zlib": 15, "deflate": -15}
MAX_MEMBERS = 64


def _inflate(name: str, data: bytes, limit: int) -> tuple[bytes, bool, int] | None:
    """(decoded, cut, bytes consumed); None when `data` is not what `name` says."""
    inflater = zlib.decompressobj(CONTAINERS[name])
    pending = data

    def step(max_bytes: int) -> bytes:
        nonlocal pending
        if inflater.eof:
            return b""
        part = inflater.decompress(pending, max_bytes)
        pending = inflater.unconsumed_tail
        return part

    try:
        decoded, cut = drain(step, len(data), limit)
    except zlib.error:
        return _salvage(name, data, limit)
    consumed = len(data) - len(inflater.unused_data) - len(pending)
    if not cut and not inflater.eof:
        cut = True
    return decoded, cut, consumed


def _salvage(name: str, data: bytes, limit: int) -> tuple[bytes, bool, int] | None:
    """The beginning of a damaged gzip stream; raw streams get no such credit."""
    if name != "gzip":
        return None
    inflater = zlib.decompressobj(CONTAINERS[name])
    limit = allowance(len(data), limit)
    parts: list[bytes] = []
    total = 0
    for at in range(0, len(data), 256):
        try:
            part = inflater.decompress(data[at : at + 256], limit - total)
        except zlib.error:
            break
        parts.append(part)
        total += len(part)
        if total >= limit:
            break
    return (b"".join(parts), True, len(data)) if total else None


def gzip_pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """Every gzip member in `data`, wherever it starts."""
    at = data.find(GZIP_MAGIC)
    for tried in range(1, MAX_MEMBERS + 1):
        if at < 0:
            return
        result = _inflate("gzip", data[at:], limit)
        end = at + 3
        if result is not None:
            decoded, cut, consumed = result
            if decoded or not cut:  # else three bytes that are a magic by accident
                end = at + max(consumed, 3)
                more = tried == MAX_MEMBERS and data.find(GZIP_MAGIC, end) >= 0
                yield Piece("gzip", at, end, decoded, cut=cut or more)
        at = data.find(GZIP_MAGIC, end)


def zlib_pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """`data` as one zlib stream; the header's check bits must agree."""
    if len(data) < 8 or data[0] & 0x0F != 8 or (data[0] << 8 | data[1]) % 31:
        return
    result = _inflate("zlib", data, limit)
    if result is not None and result[0]:
        yield Piece("zlib", 0, result[2], result[0], cut=result[1])


def deflate_pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """`data` as one raw stream; it has no magic, so it must end exactly where the data ends."""
    if len(data) < 4 or not _opens_block(data):
        return
    result = _inflate("deflate", data, limit)
    if result is None or not result[0] or result[2] < len(data) - 4:
        return
    if result[1] and not _flushed(data):
        return
    yield Piece("deflate", 0, len(data), result[0], cut=False)


def _flushed(data: bytes) -> bool:
    """Whether a stream without an end ends at a flush point (WebSocket's permessage-deflate)."""
    return data[-4:] == b"\x00\x00\xff\xff"


def _opens_block(data: bytes) -> bool:
    """Whether the first block's type exists and, for a stored block, its length is confirmed."""
    kind = data[0] >> 1 & 3
    if kind == 0:
        return len(data) > 5 and data[1] ^ data[3] == 0xFF and data[2] ^ data[4] == 0xFF
    return kind != 3
