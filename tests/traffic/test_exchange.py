"""What an exchange says of itself."""

from __future__ import annotations

import pytest

from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Stack


@pytest.mark.parametrize(
    ("url", "encrypted"),
    [("https://a.example/", True), ("wss://a.example/", True), ("http://a.example/", False)],
)
def test_encryption_is_told_by_the_scheme(url: str, encrypted: bool) -> None:
    exchange = Exchange("1", Kind.HTTP, (Layer.TLS,), "a.example", 0, 0.0, Request("GET", url))
    assert exchange.encrypted is encrypted


def test_frames_of_all_threads_innermost_first() -> None:
    assert Stack(("a", "b"), (("c",), ("d",))).all_frames == ("a", "b", "c", "d")


def test_a_body_of_bytes_is_complete() -> None:
    assert Body.of(b"abc") == Body(b"abc", 3, "")
