"""Packets; the bytes of the first one are those of adb 36.0.0's own CNXN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.adbd import packet
from harness.virtual.adbd.packet import Packet, ProtocolFault

RECORDED = bytes.fromhex("434e584e010000010000100032020000dfc60000bcb1a7b1")


def test_a_header_of_the_real_client() -> None:
    header = packet.parse_header(RECORDED)
    assert (header.command, header.arg0, header.arg1) == (b"CNXN", 0x01000001, 1 << 20)
    assert header.size_bytes == 0x232


def test_a_header_whose_magic_is_wrong() -> None:
    with pytest.raises(ProtocolFault, match="magic"):
        packet.parse_header(RECORDED[:-1] + b"\0")


def test_a_payload_above_the_limit() -> None:
    header = packet.encode_header(Packet(b"WRTE", 1, 1, b""), with_checksum=False)
    huge = header[:12] + (packet.MAX_PAYLOAD_BYTES + 1).to_bytes(4, "little") + header[16:]
    with pytest.raises(ProtocolFault, match="above"):
        packet.parse_header(huge)


@given(st.sampled_from([b"CNXN", b"OPEN", b"WRTE"]), st.integers(0, 2**32 - 1), st.binary())
def test_what_is_encoded_is_read_back(command: bytes, arg: int, payload: bytes) -> None:
    header = packet.parse_header(
        packet.encode_header(Packet(command, arg, 5, payload), with_checksum=True)
    )
    assert (header.command, header.arg0, header.arg1) == (command, arg, 5)
    packet.check_payload(header, payload)
    with pytest.raises(ProtocolFault, match="checksum"):
        packet.check_payload(header, payload + b"x")
