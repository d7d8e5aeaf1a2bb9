"""Frames of `shell,v2`: one id byte, a little-endian 32-bit length, the data.

Ids after AOSP `adb/shell_protocol.h`. Input: bytes in pieces of any size; output: frames. A length
above the limit is refused with `ProtocolFault`. No I/O.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from harness.virtual.adbd.packet import ProtocolFault

STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN, WINDOW_SIZE = range(6)
MAX_FRAME_BYTES = 4 * 1024 * 1024

_HEAD = struct.Struct("<BI")


def frame(kind: int, data: bytes) -> bytes:
    """One frame as bytes."""
    return _HEAD.pack(kind, len(data)) + data


class FrameDecoder:
    """Collects bytes and yields complete (id, data) pairs."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            kind, size = _HEAD.unpack_from(self._buffer)
            if size > MAX_FRAME_BYTES:
                raise ProtocolFault(f"shell frame of {size} bytes")
            end = _HEAD.size + size
            if len(self._buffer) < end:
                return
            yield kind, bytes(self._buffer[_HEAD.size : end])
            del self._buffer[:end]
