"""Brotli, against the reference encoder."""

from __future__ import annotations

import time
import tracemalloc

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.bounded import FREE_BYTES, MAX_RATIO
from harness.detection.decoders.brotli_stream import pieces

LIMIT = 32 << 20


@given(st.binary(min_size=1, max_size=3000), st.sampled_from([0, 5, 11]))
def test_any_quality_comes_back(data: bytes, quality: int) -> None:
    packed = brotli.compress(data, quality=quality)
    if len(packed) >= 3:
        (piece,) = pieces(packed, LIMIT)
        assert (piece.data, piece.start, piece.end, piece.cut) == (data, 0, len(packed), False)


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"x", lambda d: b"x" + d])
def test_only_a_complete_stream_counts(change: object) -> None:
    assert callable(change)
    assert list(pieces(change(brotli.compress(b"some words to read")), LIMIT)) == []


def test_a_bomb_behind_ordinary_data_is_stopped_by_time_and_memory() -> None:
    """1 GB of zeros in about a kilobyte, after a beginning that raises no suspicion."""
    packer = brotli.Compressor(quality=5)
    bomb = packer.process(bytes(range(256)) * 8) + packer.flush()
    zeros = bytes(16 << 20)
    bomb += b"".join(packer.process(zeros) for _ in range(64)) + packer.finish()
    tracemalloc.start()
    before = time.process_time()
    (piece,) = pieces(bomb, LIMIT)
    spent = time.process_time() - before
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert piece.cut
    assert len(piece.data) <= max(FREE_BYTES, MAX_RATIO * len(bomb))
    assert peak < 200 << 20
    assert spent < 5
