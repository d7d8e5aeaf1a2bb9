"""LZ4 frames and blocks, against the reference library's binding."""

from __future__ import annotations

import random
import time

import lz4.block
import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.bounded import FREE_BYTES, MAX_RATIO
from harness.detection.decoders.lz4_stream import MAGIC, block_pieces, frame_pieces

LIMIT = 32 << 20
NOISE = random.Random(4).randbytes(300_000)
HEX = b" ".join(NOISE[at : at + 20].hex().encode() for at in NOISE[:20_000])
"""Compressible, unlike the noise, whose blocks are stored as they are."""
TEXT = "Ich suche nach hépatite, seit gestern. ".encode() * 6


@given(st.binary(min_size=1, max_size=2000), st.sampled_from([0, 3, 12]), st.booleans())
def test_any_frame_comes_back(data: bytes, level: int, checked: bool) -> None:
    packed = lz4.frame.compress(data, compression_level=level, content_checksum=checked)
    (piece,) = frame_pieces(b"head" + packed + b"tail", LIMIT)
    assert (piece.data, piece.cut) == (data, False)
    assert (piece.start, piece.end) == (4, 4 + len(packed))


def test_frames_one_by_one() -> None:
    one, two = lz4.frame.compress(b"one"), lz4.frame.compress(b"two")
    assert [piece.data for piece in frame_pieces(one + two, LIMIT)] == [b"one", b"two"]


def test_a_truncated_frame_gives_its_beginning_and_says_so() -> None:
    (piece,) = frame_pieces(lz4.frame.compress(NOISE)[:-90_000], LIMIT)
    assert piece.cut
    assert NOISE.startswith(piece.data)


def test_a_damaged_frame_gives_what_comes_before_and_says_so() -> None:
    packed = bytearray(
        lz4.frame.compress(HEX, block_size=lz4.frame.BLOCKSIZE_MAX64KB, block_checksum=True)
    )
    packed[len(packed) // 2] ^= 1
    (piece,) = frame_pieces(bytes(packed), LIMIT)
    assert piece.cut
    assert len(piece.data) >= 2 * 65536
    assert HEX.startswith(piece.data)


def test_a_frame_whose_first_block_breaks_off_is_told() -> None:
    (piece,) = frame_pieces(lz4.frame.compress(HEX)[:2000], LIMIT)
    assert (piece.data, piece.cut) == (b"", True)
    assert list(frame_pieces(b"x" + lz4.frame.compress(HEX)[:2000], LIMIT)) == []


@pytest.mark.parametrize("store_size", [True, False])
@pytest.mark.parametrize("mode", ["default", "high_compression"])
def test_blocks(store_size: bool, mode: str) -> None:
    (piece,) = block_pieces(lz4.block.compress(TEXT, mode=mode, store_size=store_size), LIMIT)
    assert piece.data == TEXT


@pytest.mark.parametrize("decoder", [frame_pieces, block_pieces])
@pytest.mark.parametrize("data", [b"", MAGIC, b"plain words of a text", NOISE[:500]])
def test_what_is_neither(decoder: object, data: bytes) -> None:
    assert callable(decoder)
    assert list(decoder(data, LIMIT)) == []


def test_bombs() -> None:
    bomb = lz4.frame.compress(bytes(300 << 20))
    before = time.process_time()
    (piece,) = frame_pieces(bomb, LIMIT)
    assert time.process_time() - before < 2
    assert piece.cut
    assert len(piece.data) <= max(FREE_BYTES, MAX_RATIO * len(bomb))
    lies = (1 << 31).to_bytes(4, "little") + lz4.block.compress(TEXT, store_size=False)
    assert all(len(piece.data) <= 255 * len(lies) for piece in block_pieces(lies, LIMIT))
