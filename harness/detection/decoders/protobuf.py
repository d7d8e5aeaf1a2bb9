"""Protocol Buffers without a schema: every length-delimited field as a slice of its own.

Follows the wire format (protobuf.dev/programming-guides/encoding). The message must fill its bytes
exactly; a field that itself reads as a message is descended into unless it is plain text.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.detection.readability import is_text
from harness.detection.views import Piece, shifted

VARINT, FIXED64, LENGTH, GROUP_START, GROUP_END, FIXED32 = range(6)
MAX_FIELD = 1 << 19
MAX_DEPTH = 24
MAX_FIELDS = 20_000

Field = tuple[int, int, int]
"""Field number, start and end of a length-delimited value."""


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    """(value, next position); position -1 when there is none."""
    value = shift = 0
    while at < end and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    return 0, -1


def fields(data: bytes, start: int, end: int) -> list[Field] | None:
    """The length-delimited fields of one message; None when the bytes are not one."""
    found: list[Field] = []
    at = start
    count = 0
    while at < end:
        tag, at = _varint(data, at, end)
        number, wire = tag >> 3, tag & 7
        count += 1
        if at < 0 or not 0 < number < MAX_FIELD or count > MAX_FIELDS:
            return None
        if wire == VARINT:
            _, at = _varint(data, at, end)
            if at < 0:
                return None
        elif wire == LENGTH:
            size, at = _varint(data, at, end)
            if at < 0 or at + size > end:
                return None
            found.append((number, at, at + size))
            at += size
        elif wire in (FIXED64, FIXED32):
            at += 8 if wire == FIXED64 else 4
            if at > end:
                return None
        elif wire not in (GROUP_START, GROUP_END):
            return None
    return found


def leaves(
    data: bytes, start: int, end: int, path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """(field numbers from the root, start, end) of every innermost value."""
    for number, low, high in fields(data, start, end) or ():
        here = (*path, number)
        value = data[low:high]
        inner = None
        if high - low >= 2 and len(here) < MAX_DEPTH and not is_text(value):
            inner = fields(data, low, high)
        if inner:
            yield from leaves(data, low, high, here)
        elif high > low:
            yield here, low, high


def values(
    data: bytes, start: int, end: int, path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """`leaves` of a message that `fields` accepts, and its numbers."""
    at = start
    while at < end:
        tag, at = _varint(data, at, end)
        here, wire = (*path, tag >> 3), tag & 7
        low = at
        if wire == VARINT:
            _, at = _varint(data, at, end)
        elif wire == LENGTH:
            size, low = _varint(data, at, end)
            at = low + size
            deeper = size >= 2 and len(here) < MAX_DEPTH and not is_text(data[low:at])
            if deeper and fields(data, low, at):
                yield from values(data, low, at, here)
                continue
        elif wire in (FIXED64, FIXED32):
            at += 8 if wire == FIXED64 else 4
        if at > low:
            yield here, low, at


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """The innermost values, when `data` is a message with at least one of them."""
    if len(data) < 3 or not fields(data, 0, len(data)):
        return
    for _, start, end in leaves(data, 0, len(data)):
        yield Piece("protobuf", start, end, data[start:end], shifted(start))
