"""The packets of the adb transport.

Input: bytes of a header or a payload. Output: values. Refuses, with `ProtocolFault`: headers whose
magic does not match their command, payloads above the limit, wrong checksums where they count.
No I/O. Layout after AOSP `packages/modules/adb/docs/dev/protocol.md`: six little-endian 32-bit
words (command, arg0, arg1, payload length, payload checksum, command ^ 0xffffffff).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

VERSION_CHECKSUM = 0x01000000
"""Protocol version whose peers add up the payload bytes in each header."""

VERSION_NO_CHECKSUM = 0x01000001
"""Version from which both sides stop looking at the checksum."""

MAX_PAYLOAD_BYTES = 1024 * 1024
HEADER_BYTES = 24

CNXN, AUTH, OPEN, OKAY, WRTE, CLSE, STLS, SYNC = (
    b"CNXN",
    b"AUTH",
    b"OPEN",
    b"OKAY",
    b"WRTE",
    b"CLSE",
    b"STLS",
    b"SYNC",
)

_HEADER = struct.Struct("<4sIIIII")
_MASK = 0xFFFFFFFF


class ProtocolFault(Exception):
    """The peer broke the protocol; its connection cannot go on."""


@dataclass(frozen=True, slots=True)
class Header:
    """A packet's first 24 bytes, checked against themselves."""

    command: bytes
    arg0: int
    arg1: int
    size_bytes: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Packet:
    """One message. For streams, `arg0` is the sender's stream id and `arg1` the receiver's."""

    command: bytes
    arg0: int
    arg1: int
    payload: bytes = b""


def parse_header(data: bytes) -> Header:
    """The header in exactly `HEADER_BYTES` bytes."""
    command, arg0, arg1, size_bytes, checksum, magic = _HEADER.unpack(data)
    if magic != int.from_bytes(command, "little") ^ _MASK:
        raise ProtocolFault(f"magic {magic:#010x} does not belong to command {command!r}")
    if size_bytes > MAX_PAYLOAD_BYTES:
        raise ProtocolFault(f"payload of {size_bytes} bytes is above {MAX_PAYLOAD_BYTES}")
    return Header(command, arg0, arg1, size_bytes, checksum)


def check_payload(header: Header, payload: bytes) -> None:
    """Raise `ProtocolFault` unless the payload adds up to the header's checksum."""
    if sum(payload) & _MASK != header.checksum:
        raise ProtocolFault(f"checksum {header.checksum:#x} does not match the payload")


def encode_header(packet: Packet, *, with_checksum: bool) -> bytes:
    """The 24 bytes that go before `packet.payload`."""
    magic = int.from_bytes(packet.command, "little") ^ _MASK
    checksum = sum(packet.payload) & _MASK if with_checksum else 0
    return _HEADER.pack(
        packet.command, packet.arg0, packet.arg1, len(packet.payload), checksum, magic
    )
