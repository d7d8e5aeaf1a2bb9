"""Is this readable, a known opaque format, or a blind spot? Pure."""

from __future__ import annotations

import math
from collections import Counter

CONTROL = bytes((*range(9), 11, 12, *range(14, 32), 127))
HIGH = bytes(range(128, 256))
LATIN_SHARE = 0.34
C1 = bytes(range(0x80, 0xA0))
HIGH_ENTROPY_BITS = 7.2
MIN_OPAQUE_BYTES = 4

OPAQUE_FORMATS: tuple[tuple[str, int, bytes], ...] = (
    ("PNG image", 0, b"\x89PNG\r\n\x1a\n"),
    ("JPEG image", 0, b"\xff\xd8\xff"),
    ("GIF image", 0, b"GIF87a"),
    ("GIF image", 0, b"GIF89a"),
    ("WebP image or other RIFF media", 0, b"RIFF"),
    ("ISO media (MP4, AVIF, HEIC)", 4, b"ftyp"),
    ("Matroska or WebM video", 0, b"\x1a\x45\xdf\xa3"),
    ("Ogg media", 0, b"OggS"),
    ("FLAC audio", 0, b"fLaC"),
    ("MP3 audio", 0, b"ID3"),
    ("WOFF font", 0, b"wOFF"),
    ("WOFF2 font", 0, b"wOF2"),
    ("TrueType font", 0, b"\x00\x01\x00\x00\x00"),
    ("OpenType font", 0, b"OTTO"),
    ("ICO image", 0, b"\x00\x00\x01\x00"),
    ("TLS record", 0, b"\x16\x03"),
    ("TLS record", 0, b"\x17\x03"),
    ("TLS record", 0, b"\x14\x03"),
    ("TLS record", 0, b"\x15\x03"),
    ("WebAssembly", 0, b"\x00asm"),
    ("Dalvik code", 0, b"dex\n03"),
)
"""Name, offset and magic of formats that hold no typed text that we could miss by not reading
them (media, fonts, code) or are unwrapped by another layer (TLS records)."""
MIN_MEDIA_BYTES = 24
FIRST_BYTES = frozenset(magic[0] for _, offset, magic in OPAQUE_FORMATS if not offset)


def is_text(data: bytes) -> bool:
    """UTF-8 without control characters, or short of that a text in Latin-1."""
    if len(data.translate(None, CONTROL)) != len(data):
        return False
    if is_utf8(data):
        return True
    high = len(data) - len(data.translate(None, HIGH))
    return high <= LATIN_SHARE * len(data) and len(data.translate(None, C1)) == len(data)


def is_utf8(data: bytes) -> bool:
    """Whether a text is one for sure; short binary data easily passes for Latin-1."""
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def mostly_text(data: bytes) -> bool:
    """Text with some control characters in it, such as records between NULs."""
    sample = data[:4096]
    return len(sample) - len(sample.translate(None, CONTROL + HIGH)) <= 0.08 * len(sample)


def opaque_format(data: bytes) -> str:
    """Name of a known opaque format, or an empty string."""
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF image"
    if len(data) < MIN_MEDIA_BYTES or (data[0] not in FIRST_BYTES and data[4:8] != b"ftyp"):
        return ""
    for name, offset, magic in OPAQUE_FORMATS:
        if data.startswith(magic, offset):
            return name if name != "TLS record" or data[2] <= 4 else ""
    return ""


def entropy_bits(data: bytes) -> float:
    """Shannon entropy per byte over at most the first 64 KiB."""
    sample = data[: 1 << 16]
    total = len(sample)
    if not total:
        return 0.0
    return -sum(n / total * math.log2(n / total) for n in Counter(sample).values())


def opaque_reason(data: bytes, content_type: str) -> str:
    """Why undecodable bytes are a blind spot, as a clause."""
    bits = entropy_bits(data)
    ceiling = math.log2(min(256, len(data))) if len(data) > 1 else 1.0
    told = f"declared as {content_type}" if content_type else "no content type"
    if bits >= min(HIGH_ENTROPY_BITS, 0.93 * ceiling):
        return f"high entropy ({bits:.1f} bits per byte): encrypted or unknown compression, {told}"
    return f"binary in no known format ({bits:.1f} bits per byte), {told}"
