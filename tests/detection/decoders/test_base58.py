"""Base58, by the vectors of the Internet-Draft (draft-msporny-base58-03) and Bitcoin Core."""

from __future__ import annotations

import pytest

from harness.detection.decoders.base58 import ALPHABET, MAX_CHARS, decode_token

LIMIT = 1 << 20


@pytest.mark.parametrize(
    ("token", "data"),
    [
        (b"2NEpo7TZRRrLZSi2U", b"Hello World!"),
        (
            b"USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
            b"The quick brown fox jumps over the lazy dog.",
        ),
        (b"11233QC4", bytes.fromhex("0000287fb4cd")),
        (b"1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L", bytes.fromhex(
            "00eb15231dfceb60925886b67d065299925915aeb172c06647")),
    ],
)  # fmt: skip
def test_published_vectors(token: bytes, data: bytes) -> None:
    """The first three: section 5 of the draft; the last: base58_encode_decode.json."""
    assert decode_token(token, LIMIT) == data


@pytest.mark.parametrize("sign", [b"0", b"O", b"I", b"l", b"+", b"-"])
def test_signs_it_was_made_to_avoid(sign: bytes) -> None:
    assert decode_token(b"2NEpo7TZRR" + sign, LIMIT) is None


def test_lengths() -> None:
    assert decode_token(b"2NEpo7", LIMIT) is None
    assert decode_token(ALPHABET[-1:] * MAX_CHARS, LIMIT) is not None
    assert decode_token(ALPHABET[-1:] * (MAX_CHARS + 1), LIMIT) is None


def test_ones_are_zeros() -> None:
    assert decode_token(b"1" * 9, LIMIT) == bytes(9)
