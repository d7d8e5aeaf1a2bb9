"""gRPC's length-prefixed messages (one flag byte, four of length), also grpc-web."""

from __future__ import annotations

from collections.abc import Iterator

from harness.detection.views import Piece, shifted

HEAD_BYTES = 5
FLAGS = (0, 1, 0x80)


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """The messages, when the lengths fill `data` exactly."""
    spans: list[tuple[int, int]] = []
    at = 0
    while at + HEAD_BYTES <= len(data):
        if data[at] not in FLAGS:
            return
        size = int.from_bytes(data[at + 1 : at + HEAD_BYTES], "big")
        start = at + HEAD_BYTES
        if start + size > len(data):
            return
        if size:
            spans.append((start, start + size))
        at = start + size
    if at != len(data):
        return
    for start, end in spans:
        yield Piece("grpc", start, end, data[start:end], shifted(start))
