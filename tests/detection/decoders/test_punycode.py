"""Internationalised labels, against Python's codec and RFC 3492's samples."""

from __future__ import annotations

import pytest

from harness.detection.decoders.punycode import pieces

SAMPLES = [
    (b"xn--ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
    (b"xn--Proprostnemluvesky-uyb24dma41a", "pročprostěnemluvíčesky"),
    (b"xn--3B-ww4c5e180e575a65lsy2b", "3年b組金八先生"),
    (b"xn--hpatite-bya", "hépatite"),
]
"""RFC 3492 section 7.1 (B), (D), (L), host names being without case; the last by Python's codec."""


@pytest.mark.parametrize(("label", "text"), SAMPLES)
@pytest.mark.parametrize("frame", [b"%s", b"https://www.%s.example/", b"a=%s&b"])
def test_samples_wherever_they_stand(label: bytes, text: str, frame: bytes) -> None:
    data = frame % label
    (piece,) = pieces(data)
    assert piece.data.decode() == text
    assert data[piece.start : piece.end] == label


def test_pythons_own_labels_one_each() -> None:
    host = "münchen.hépatite.example".encode("idna")
    assert [piece.data.decode() for piece in pieces(host)] == ["münchen", "hépatite"]


@pytest.mark.parametrize("data", [b"", b"xn--", b"xn--99999999999", b"xn-", b"n--abc", b"XN--\xff"])
def test_what_is_none_raises_nothing(data: bytes) -> None:
    assert list(pieces(data)) == []
