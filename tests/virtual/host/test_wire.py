"""Frames: what goes in comes out, however the bytes are cut."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.host.wire import MAX_BLOB_BYTES, Frame, FrameDecoder, encode

FRAMES = st.lists(
    st.builds(
        Frame,
        st.dictionaries(
            st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=4
        ),
        st.binary(max_size=64),
    ),
    max_size=4,
)


@given(FRAMES, st.integers(min_value=1, max_value=17))
def test_frames_survive_any_cutting(frames: list[Frame], piece: int) -> None:
    data = b"".join(encode(frame) for frame in frames)
    decoder = FrameDecoder()
    seen = [
        frame
        for start in range(0, len(data), piece)
        for frame in decoder.feed(data[start : start + piece])
    ]
    assert seen == frames


def test_the_layout_is_fixed() -> None:
    """The Java side reads two big-endian 32-bit lengths, then header, then blob."""
    assert encode(Frame({"id": 1}, b"xy")) == struct.pack(">II", 8, 2) + b'{"id":1}' + b"xy"


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">II", 2, MAX_BLOB_BYTES + 1),
        struct.pack(">II", 0xFFFFFFFF, 0),
        struct.pack(">II", 2, 0) + b"[]",
        struct.pack(">II", 2, 0) + b"{]",
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"limit|object|Expecting"):
        list(FrameDecoder().feed(data))
