"""What stays opaque, whatever it is wrapped in."""

from __future__ import annotations

import base64
import gzip
import json
import random

import pytest

from harness.detection.engine import Engine
from harness.detection.reading import Reading
from harness.detection.views import Piece
from tests.detection.chains import get, post

RANDOM = random.Random(5)
WORD = RANDOM.randbytes(32)
"""A vector and a block: one word under AES in CBC mode."""
SEALED = RANDOM.randbytes(33)
"""A nonce, five letters and a tag: one word under AES in GCM mode."""
LONG = RANDOM.randbytes(300)


def told(data: bytes) -> bool:
    return bool(Engine(["covid"]).scan(post(data)).unread)


def as_json(value: str, *, beside: int = 0) -> bytes:
    return json.dumps({"text": "word " * (beside // 5), "d": value}).encode()


@pytest.mark.parametrize(
    "value",
    [base64.b64encode(LONG).decode(), base64.urlsafe_b64encode(LONG).decode(), LONG.hex()],
)
def test_a_long_cipher_is_told_beside_any_text_and_in_any_wrapping(value: str) -> None:
    plain = as_json(value, beside=2000)
    assert told(plain)
    assert told(gzip.compress(plain, mtime=0))
    assert told(b"v=1&data=" + base64.b64encode(plain))
    assert told(b"v=1&data=" + base64.b64encode(gzip.compress(plain, mtime=0)))


@pytest.mark.parametrize("value", [base64.b64encode(WORD).decode(), SEALED.hex().upper()])
def test_one_word_under_a_cipher_is_told_where_it_is_most_of_what_is_sent(value: str) -> None:
    assert told(as_json(value))
    assert told(f"v=1&d={value}".encode())
    assert Engine(["covid"]).scan(get(f"https://t.example/p?d={value}")).unread
    assert not told(as_json(value, beside=200))


def test_it_is_told_again_when_it_comes_again() -> None:
    engine = Engine(["covid"])
    request = post(as_json(base64.b64encode(WORD).decode()))
    assert engine.scan(request).unread
    assert engine.scan(request).unread


@pytest.mark.parametrize(
    "data",
    [
        b"id=6f1c1f0e-7f5b-4d6f-9d6b-0c6c5a9d2f10&n=123456789012345678901234567890123456789012345678",
        b"/identitytoolkit/v3/relyingparty/getAccountInformation",
        b"a-slug-of-many-words-that-goes-on-and-on-and-on-until-it-is-rather-long",
        b'{"md5": "0123456789abcdef0123456789abcdef", "sha1": "' + b"ab" * 20 + b'"}',
        b"sha256=" + b"0123456789abcdef" * 4,
    ],
)
def test_ids_paths_and_words_are_none(data: bytes) -> None:
    assert not told(data)


def test_sums_and_covers() -> None:
    reading, inner = Reading(True), Reading(True, 50, small_bytes=20)
    piece = Piece("base64", 0, 200, bytes(100))
    reading.add_beneath(inner, piece)
    reading.add_beneath(inner, piece)
    assert (reading.opaque_bytes, reading.small_bytes) == (200, 80)
    reading.cover(inner, piece)
    assert (reading.opaque_bytes, reading.small_bytes) == (200, 80)
