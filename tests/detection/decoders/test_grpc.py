"""gRPC's length-prefixed messages (PROTOCOL-HTTP2.md of grpc/grpc; trailers as in grpc-web)."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.grpc import pieces


def framed(message: bytes, flag: int = 0) -> bytes:
    return struct.pack(">BI", flag, len(message)) + message


@given(st.lists(st.tuples(st.sampled_from([0, 1, 0x80]), st.binary(max_size=40)), max_size=6))
def test_every_message_that_is_not_empty(messages: list[tuple[int, bytes]]) -> None:
    data = b"".join(framed(message, flag) for flag, message in messages)
    found = list(pieces(data, 1 << 20))
    assert [piece.data for piece in found] == [message for _, message in messages if message]
    assert all(data[piece.start : piece.end] == piece.data for piece in found)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0\0\0", framed(b"abc")[:-1], framed(b"abc") + b"\0", framed(b"abc", 2),
        framed(b"abc") + framed(b"x", 7), b"\0\xff\xff\xff\xffabc", bytes(40),
    ],
)  # fmt: skip
def test_lengths_must_fill_the_data(data: bytes) -> None:
    assert list(pieces(data, 1 << 20)) == []
