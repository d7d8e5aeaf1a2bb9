"""Hexadecimal, by RFC 4648's vectors and the standard library's encoder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.detection.decoders.base16 import decode_token

LIMIT = 1 << 20


@given(st.binary(min_size=4, max_size=80), st.booleans())
def test_either_case_comes_back(data: bytes, upper: bool) -> None:
    token = data.hex().encode()
    assert decode_token(token.upper() if upper else token, LIMIT) == data


def test_rfc_4648_vector() -> None:
    """Section 10: BASE16("foobar")."""
    assert decode_token(b"666F6F626172", LIMIT) == b"foobar"


def test_an_odd_last_digit_is_left_out() -> None:
    assert decode_token(b"666F6F6261727", LIMIT) == b"foobar"


@pytest.mark.parametrize(
    "token", [b"", b"666F6F", b"666F6F62617g", b"0x666F6F6261", b"66 6F 6F 62"]
)
def test_too_short_or_foreign(token: bytes) -> None:
    assert decode_token(token, LIMIT) is None
