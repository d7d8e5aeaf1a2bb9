"""Zstandard frames, against the reference library's binding."""

from __future__ import annotations

import random
import time

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.bounded import FREE_BYTES, MAX_RATIO
from harness.detection.decoders.zstd import MAGIC, pieces

LIMIT = 32 << 20
NOISE = random.Random(5).randbytes(400_000)
SKIPPABLE = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"


@given(
    st.binary(min_size=1, max_size=3000),
    st.sampled_from([-5, 1, 19]),
    st.booleans(),
    st.booleans(),
)
def test_any_frame_comes_back(data: bytes, level: int, checked: bool, sized: bool) -> None:
    packer = zstandard.ZstdCompressor(level=level, write_checksum=checked, write_content_size=sized)
    packed = packer.compress(data)
    (piece, *_) = pieces(b"head" + packed + b"tail", LIMIT)
    assert (piece.data, piece.cut) == (data, False)
    assert (piece.start, piece.end) == (4, 4 + len(packed))


def test_streams_of_several_blocks() -> None:
    """No size in the header, as a stream has none; blocks of 128 KiB."""
    packer = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    packed = packer.compress(NOISE) + packer.flush()
    (piece,) = pieces(packed + b"tail", LIMIT)
    assert (piece.data, piece.end, piece.cut) == (NOISE, len(packed), False)


def test_frames_one_by_one_skippable_ones_between() -> None:
    one, two = (zstandard.ZstdCompressor().compress(data) for data in (b"one", b"two"))
    found = list(pieces(SKIPPABLE + one + SKIPPABLE + two, LIMIT))
    assert [piece.data for piece in found] == [b"one", b"two"]


@pytest.mark.parametrize("left", [0.4, 0.9])
def test_a_truncated_frame_gives_its_beginning_and_says_so(left: float) -> None:
    packed = zstandard.ZstdCompressor().compress(NOISE)
    (piece,) = pieces(packed[: int(len(packed) * left)], LIMIT)
    assert piece.cut
    assert piece.data
    assert NOISE.startswith(piece.data)


def test_a_wrong_checksum_is_told() -> None:
    packed = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(NOISE))
    packed[-1] ^= 1
    assert [piece.cut for piece in pieces(bytes(packed), LIMIT)] in ([], [True])


@pytest.mark.parametrize("data", [b"", MAGIC, MAGIC * 9, b"words", MAGIC + b"\xff" * 30, SKIPPABLE])
def test_what_is_none(data: bytes) -> None:
    assert list(pieces(data, LIMIT)) == []


def test_a_bomb_is_cut() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(300 << 20))
    before = time.process_time()
    (piece,) = pieces(bomb, LIMIT)
    assert time.process_time() - before < 2
    assert piece.cut
    assert len(piece.data) <= max(FREE_BYTES, MAX_RATIO * len(bomb))


def test_magics_do_not_make_it_crawl() -> None:
    before = time.process_time()
    list(pieces(MAGIC * 200_000, LIMIT))
    assert time.process_time() - before < 2
