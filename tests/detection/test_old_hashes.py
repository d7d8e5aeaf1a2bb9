"""Pinned by the test vectors of RFC 1319, RFC 1320 and ISO/IEC 10118-3."""

from __future__ import annotations

import pytest

from harness.detection.old_hashes import md2, md4, whirlpool


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "8350e5a3e24c153df2275c9f80692773"),
        (b"abc", "da853b0d3f88d99b30283a69e6ded6bb"),
        (b"1234567890" * 8, "d5976f79d83d3a0dc9806c3c66f3efd8"),
    ],
)
def test_md2(data: bytes, digest: str) -> None:
    assert md2(data).hex() == digest


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "31d6cfe0d16ae931b73c59d7e0c089c0"),
        (b"abc", "a448017aaf21d8525fc10ae87aa6729d"),
        (b"1234567890" * 8, "e33b4ddc9c38f2199c3e7b164fcc0536"),
    ],
)
def test_md4(data: bytes, digest: str) -> None:
    assert md4(data).hex() == digest


def test_whirlpool() -> None:
    assert whirlpool(b"abc").hex() == (
        "4e2448a4c6f486bb16b6562c73b4020bf3043e3a731bce721ae1b303d97e6d4c"
        "7181eebdb6c57e277d0e34957114cbd6c797fc9d95d8b582d225292076d4eef5"
    )
    assert whirlpool(b"").hex().startswith("19fa61d75522a4669b44e39c1d2e1726")
