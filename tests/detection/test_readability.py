"""Text, known opaque formats, blind spots."""

from __future__ import annotations

import os

import pytest

from harness.detection.readability import (
    entropy_bits,
    is_text,
    is_utf8,
    mostly_text,
    opaque_format,
    opaque_reason,
)


def test_text_in_utf8_and_latin1() -> None:
    assert is_text("größe\n".encode())
    assert is_text("größer als 5".encode("latin-1"))
    assert not is_utf8("größer".encode("latin-1"))
    assert not is_text(b"a\0b")
    assert not is_text(os.urandom(64))
    assert mostly_text(b"a field of a record\0another field of it\0" * 5)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"\xff\xd8\xff\xe0", "JPEG image"),
        (b"\0\0\0\x20ftypavif", "ISO media (MP4, AVIF, HEIC)"),
        (b"wOF2", "WOFF2 font"),
        (b"\x17\x03\x03\x00\x20", "TLS record"),
    ],
)
def test_opaque_formats(head: bytes, name: str) -> None:
    assert opaque_format(head + bytes(40)) == name


def test_ciphertext_is_not_taken_for_media() -> None:
    assert opaque_format(b"\x17\x03\x99" + bytes(40)) == ""
    assert opaque_format(b"BM" + os.urandom(40)) == ""


def test_reasons_say_what_was_seen() -> None:
    assert entropy_bits(bytes(100)) == 0
    assert "high entropy" in opaque_reason(os.urandom(4096), "application/octet-stream")
    assert "no known format" in opaque_reason(b"\x01\x02\x03\x04" * 50, "")
