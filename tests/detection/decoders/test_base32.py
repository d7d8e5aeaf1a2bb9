"""Base32 and base32hex, by RFC 4648's vectors and the standard library's encoder."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.base32 import decode_hex_token, decode_token

LIMIT = 1 << 20


def test_rfc_4648_vectors() -> None:
    """Section 10, padding left out as tokens have it."""
    assert decode_token(b"MZXW6YTBOI", LIMIT) == b"foobar"
    assert decode_hex_token(b"CPNMUOJ1E8", LIMIT) == b"foobar"


@given(st.binary(min_size=5, max_size=80))
def test_both_alphabets_come_back(data: bytes) -> None:
    assert decode_token(base64.b32encode(data).rstrip(b"="), LIMIT) == data
    assert decode_token(base64.b32encode(data).rstrip(b"=").lower(), LIMIT) == data
    assert decode_hex_token(base64.b32hexencode(data).rstrip(b"="), LIMIT) == data


@pytest.mark.parametrize("length", [9, 11, 14])
def test_lengths_that_no_encoder_gives(length: int) -> None:
    assert decode_token(b"A" * length, LIMIT) is None
    assert decode_hex_token(b"A" * length, LIMIT) is None


@pytest.mark.parametrize(
    "token", [b"", b"MZXW", b"MzXw6YtB", b"MZXW6YT1", b"MZXW6YT=", b"MZXW-YTB"]
)
def test_mixed_case_foreign_signs_and_short_ones(token: bytes) -> None:
    assert decode_token(token, LIMIT) is None
