"""Frames between the device and an app process.

One frame is two unsigned big-endian 32-bit lengths (header, blob), then the header (a JSON object
in UTF-8), then the blob (raw bytes, for pictures and dumps). Requests carry `id`, `command` and
`arguments`; answers the same `id` with `ok`; what the process says by itself carries `event`.

Input: bytes in pieces of any size. Output: frames. Refuses: frames above the limits below, and
headers that are no JSON object. Nothing is read or written here.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_HEADER_BYTES = 64 * 1024 * 1024
MAX_BLOB_BYTES = 256 * 1024 * 1024

_LENGTHS = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: a decoded JSON object and raw bytes."""

    header: dict[str, Any]
    blob: bytes = b""


def encode(frame: Frame) -> bytes:
    """The bytes of one frame."""
    header = json.dumps(frame.header, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    return _LENGTHS.pack(len(header), len(frame.blob)) + header + frame.blob


class FrameDecoder:
    """Collects bytes and yields the frames that are complete.

    Raises `ValueError` from `feed` when the stream cannot be one of ours; it is then of no use
    any more, as there is no way to find the next frame.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        self._buffer += data
        while len(self._buffer) >= _LENGTHS.size:
            header_size, blob_size = _LENGTHS.unpack_from(self._buffer)
            if header_size > MAX_HEADER_BYTES or blob_size > MAX_BLOB_BYTES:
                raise ValueError(f"frame of {header_size} + {blob_size} bytes is above the limit")
            end = _LENGTHS.size + header_size + blob_size
            if len(self._buffer) < end:
                return
            head_end = _LENGTHS.size + header_size
            header = json.loads(self._buffer[_LENGTHS.size : head_end].decode("utf-8", "replace"))
            if not isinstance(header, dict):
                raise ValueError(f"header is a JSON {type(header).__name__}, not an object")
            blob = bytes(self._buffer[head_end:end])
            del self._buffer[:end]
            yield Frame(header, blob)
