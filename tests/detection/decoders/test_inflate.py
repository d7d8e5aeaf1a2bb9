"""DEFLATE in its three containers, against zlib and gzip of the standard library."""

from __future__ import annotations

import gzip
import random
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.bounded import FREE_BYTES, MAX_RATIO
from harness.detection.decoders.inflate import (
    GZIP_MAGIC,
    MAX_MEMBERS,
    deflate_pieces,
    gzip_pieces,
    zlib_pieces,
)

LIMIT = 32 << 20
NOISE = random.Random(3).randbytes(60_000)
TEXT = b"some words to read, " * 20


def raw(data: bytes, level: int = 9, flush: int = zlib.Z_FINISH) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(flush)


@given(st.binary(min_size=1, max_size=2000), st.integers(0, 9))
def test_any_level_comes_back(data: bytes, level: int) -> None:
    packed = zlib.compress(data, level)
    (piece,) = zlib_pieces(packed, LIMIT)
    assert (piece.data, piece.end, piece.cut) == (data, len(packed), False)
    (piece,) = deflate_pieces(raw(data, level), LIMIT) if len(raw(data, level)) >= 6 else (piece,)
    assert piece.data == data
    packed = gzip.compress(data, level, mtime=0)
    (piece, *_) = gzip_pieces(packed, LIMIT)
    assert (piece.data, piece.start, piece.end, piece.cut) == (data, 0, len(packed), False)


def test_members_of_gzip_one_by_one_wherever_they_start() -> None:
    """RFC 1952 section 2.2: a file is a series of members; other bytes may lie between."""
    one, two = gzip.compress(b"one", mtime=0), gzip.compress(b"two", mtime=0)
    found = list(gzip_pieces(b"head" + one + b"between" + two + b"tail", LIMIT))
    assert [piece.data for piece in found] == [b"one", b"two"]
    assert found[1].start == 4 + len(one) + 7
    assert found[1].end == found[1].start + len(two)


def test_members_beyond_the_count_are_told() -> None:
    members = [gzip.compress(b"%d" % number, mtime=0) for number in range(MAX_MEMBERS + 1)]
    whole = list(gzip_pieces(b"".join(members[:-1]), LIMIT))
    assert [piece.cut for piece in whole] == [False] * MAX_MEMBERS
    more = list(gzip_pieces(b"".join(members), LIMIT))
    assert len(more) == MAX_MEMBERS
    assert more[-1].cut


def test_a_gzip_header_with_a_name_and_a_time() -> None:
    """As `gzip FILE` writes it."""
    header = GZIP_MAGIC + b"\x08\x12\x34\x56\x78\x00\x03events.json\x00"
    body = raw(TEXT) + zlib.crc32(TEXT).to_bytes(4, "little") + len(TEXT).to_bytes(4, "little")
    (piece,) = gzip_pieces(header + body, LIMIT)
    assert (piece.data, piece.cut) == (TEXT, False)


@pytest.mark.parametrize("left", [0.3, 0.9])
def test_truncated_streams_give_their_beginning_and_say_so(left: float) -> None:
    for decoder, packed in (
        (gzip_pieces, gzip.compress(NOISE)),
        (zlib_pieces, zlib.compress(NOISE)),
    ):
        (piece,) = decoder(packed[: int(len(packed) * left)], LIMIT)
        assert piece.cut
        assert NOISE.startswith(piece.data)
        assert piece.data


def test_damaged_zlib_and_raw_streams_are_none() -> None:
    packed = bytearray(zlib.compress(TEXT))
    packed[-1] ^= 1
    assert list(zlib_pieces(bytes(packed), LIMIT)) == []
    assert list(deflate_pieces(raw(NOISE)[:-900], LIMIT)) == []
    assert list(deflate_pieces(raw(TEXT) + b"following", LIMIT)) == []


def test_a_websocket_message_ends_at_a_flush_point() -> None:
    """RFC 7692 section 7.2.1: the four bytes are removed there, and put back by the reader."""
    message = raw(TEXT, flush=zlib.Z_SYNC_FLUSH)
    assert message.endswith(b"\x00\x00\xff\xff")
    (piece,) = deflate_pieces(message, LIMIT)
    assert (piece.data, piece.cut) == (TEXT, False)


@pytest.mark.parametrize("decoder", [gzip_pieces, zlib_pieces, deflate_pieces])
@pytest.mark.parametrize("data", [b"", b"x", b"x\x9c", GZIP_MAGIC, b"plain words " * 9, bytes(99)])
def test_what_is_none_of_them(decoder: object, data: bytes) -> None:
    assert callable(decoder)
    assert list(decoder(data, LIMIT)) == []


def test_ten_gigabytes_in_ten_megabytes_cost_little() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = packer.compress(bytes(1 << 20)) + b"".join(
        packer.compress(bytes(1 << 20)) for _ in range(63)
    )
    for bomb in (block, block + b"\xff" * 30):  # truncated, damaged
        before = time.process_time()
        (piece,) = gzip_pieces(bomb, LIMIT)
        assert time.process_time() - before < 2
        assert piece.cut
        assert len(piece.data) <= max(FREE_BYTES, MAX_RATIO * len(bomb))


def test_magics_without_a_stream_do_not_make_it_crawl() -> None:
    before = time.process_time()
    assert list(gzip_pieces(GZIP_MAGIC * 300_000, LIMIT)) == []
    assert time.process_time() - before < 2
