"""A format that proves itself explains its own bytes only; what lies beside it stays a blind spot.

The encoders are the formats' own packages; the ciphertext stands for an encrypted payload behind a
readable envelope.
"""

from __future__ import annotations

import gzip
import random
import zlib
from typing import Any

import blackboxprotobuf
import brotli
import lz4.frame
import pytest
import zstandard

from harness.detection.engine import Engine
from tests.detection.chains import post

ENGINE = Engine(["hépatite"])
READABLE = b"hello there, friends of readable text"
RANDOM = random.Random(7)
CIPHER = RANDOM.randbytes(4000)
LONG = b"".join(b"%05d " % RANDOM.randrange(100_000) for _ in range(60_000))
PACKED = {
    "gzip": gzip.compress(READABLE),
    "zlib": zlib.compress(READABLE),
    "zstd": zstandard.ZstdCompressor().compress(READABLE),
    "lz4": lz4.frame.compress(READABLE),
}


@pytest.mark.parametrize("name", PACKED)
def test_ciphertext_behind_a_readable_stream_is_a_blind_spot(name: str) -> None:
    (unread,) = ENGINE.scan(post(PACKED[name] + CIPHER)).unread
    assert "4000 of" in unread.reason


def test_ciphertext_before_a_readable_stream_is_a_blind_spot() -> None:
    assert ENGINE.scan(post(CIPHER + PACKED["gzip"])).unread


@pytest.mark.parametrize("name", PACKED)
def test_a_stream_alone_or_beside_text_is_explained(name: str) -> None:
    assert ENGINE.scan(post(PACKED[name])).unread == ()
    if name != "zlib":  # it has no magic to be found by
        assert ENGINE.scan(post(b"a readable envelope;" + PACKED[name] + b";end")).unread == ()


def test_a_message_that_holds_a_packed_field_is_read_as_a_message() -> None:
    """The stream's magic shows through the message; the fields beside it are the message's."""
    kinds: Any = {"1": {"type": "bytes"}, "2": {"type": "bytes"}, "3": {"type": "bytes"}}
    fields: dict[str | int, Any] = {
        "1": b"a readable name",
        "2": PACKED["gzip"],
        "3": b"h\xc3\xa9patite",
    }
    body = bytes(blackboxprotobuf.encode_message(fields, kinds))
    scan = ENGINE.scan(post(body))
    assert scan.unread == ()
    assert [sighting.term for sighting in scan.sightings] == ["hépatite"]
    hidden = bytes(blackboxprotobuf.encode_message({**fields, "1": CIPHER}, kinds))
    assert ENGINE.scan(post(hidden)).unread


def test_a_brotli_bomb_is_told() -> None:
    """Brotli proves nothing by a magic, but where it was cut something is missing all the same."""
    bomb = brotli.compress(b"Just some words. " * 1_000_000, quality=3)
    assert any("limit" in unread.reason for unread in ENGINE.scan(post(bomb)).unread)


@pytest.mark.parametrize(
    "packed",
    [zstandard.ZstdCompressor().compress(LONG), lz4.frame.compress(LONG), gzip.compress(LONG)],
    ids=["zstd", "lz4", "gzip"],
)
def test_a_stream_that_breaks_off_is_told(packed: bytes) -> None:
    assert ENGINE.scan(post(packed)).unread == ()
    (unread,) = ENGINE.scan(post(packed[: len(packed) * 9 // 10])).unread
    assert "breaks off" in unread.reason
