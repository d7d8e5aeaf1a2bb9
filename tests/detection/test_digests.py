"""Digests in every spelling; a number or an id that is none is none."""

from __future__ import annotations

import base64
import hashlib
import uuid
import zlib

import mmh3
import pytest

from harness.detection.digests import Digests

TERM = "hépatite"
RAW = TERM.encode()
DIGESTS = Digests([TERM, "covid"])
SHA = hashlib.sha256(RAW)


def names(token: str) -> list[str]:
    return [hit.variant for hit in DIGESTS.in_token(token.encode())]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        (SHA.hexdigest(), "sha256"),
        (SHA.hexdigest().upper(), "sha256"),
        (SHA.hexdigest()[:16], "sha256"),
        (base64.b64encode(SHA.digest()).decode().rstrip("="), "sha256"),
        (base64.urlsafe_b64encode(SHA.digest()).decode().rstrip("="), "sha256"),
        (f"v1_{SHA.hexdigest()}", "sha256"),
        (f"abc{SHA.hexdigest()}", "sha256"),
        (hashlib.sha256(base64.b64encode(RAW)).hexdigest(), "sha256(base64)"),
        (hashlib.sha256("HÉPATITE".encode()).hexdigest(), "sha256(upper)"),
        (hashlib.sha1(hashlib.md5(RAW).hexdigest().encode()).hexdigest(), "sha1(md5)"),
        (str(mmh3.hash64(RAW)[0]), "murmur3-64-1"),
    ],
)
def test_a_digest_is_recognised(token: str, name: str) -> None:
    assert name in names(token)


def test_unpadded_hex_as_android_code_writes_it() -> None:
    token = "".join(f"{byte:x}" for byte in hashlib.md5(RAW).digest())
    assert len(token) < 32
    assert names(token) == ["md5"]


def test_name_based_uuid() -> None:
    """Java's nameUUIDFromBytes is version 3 without a namespace; Python has only the latter."""
    raw = bytearray(hashlib.md5(RAW).digest())
    made = uuid.UUID(bytes=bytes(raw), version=3)
    assert names(str(made)) == ["name-uuid"]


@pytest.mark.parametrize(
    "token",
    [
        hashlib.sha256(b"other").hexdigest(),
        SHA.hexdigest()[:15],
        "1700000000123",
        str(uuid.UUID(int=7)),
        SHA.hexdigest()[:16] + "0" * 48,
    ],
)
def test_what_is_no_digest_of_a_term(token: str) -> None:
    assert names(token) == []


def test_a_short_digest_needs_a_key_that_says_so() -> None:
    token = str(zlib.crc32(RAW)).encode()
    (hit,) = DIGESTS.in_token(token)
    assert DIGESTS.confirmed(hit, b'{"crc32": ' + token, 10)
    assert not DIGESTS.confirmed(hit, b'{"price": ' + token, 10)


def test_raw_digests_in_binary_data() -> None:
    data = b"\x01\x02" + SHA.digest() + b"\x09"
    assert [(hit.variant, hit.start, hit.end) for hit in DIGESTS.in_bytes(data)] == [
        ("sha256", 2, 34)
    ]
