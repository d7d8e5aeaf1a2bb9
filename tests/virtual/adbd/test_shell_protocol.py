"""Frames of `shell,v2`, in pieces of any size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.adbd.packet import ProtocolFault
from harness.virtual.adbd.shell_protocol import FrameDecoder, frame


@given(st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=50))), st.integers(1, 20))
def test_frames_survive_any_cut(frames: list[tuple[int, bytes]], step: int) -> None:
    data = b"".join(frame(kind, body) for kind, body in frames)
    decoder = FrameDecoder()
    found = [
        piece
        for start in range(0, len(data), step)
        for piece in decoder.feed(data[start : start + step])
    ]
    assert found == frames


def test_a_monstrous_frame_is_refused() -> None:
    with pytest.raises(ProtocolFault):
        list(FrameDecoder().feed(b"\0\xff\xff\xff\xff"))
