"""The APK Signing Block: where it lies, what signers it names, and the digest of what it covers.

Input: the bytes of an APK. Output: frozen values. Follows the public description of APK Signature
Scheme v2 and v3 (source.android.com/docs/security/features/apksigning/v2, .../v3). Refuses, with
ValueError, lengths that lead outside the file. Verifies nothing: that is `signature`'s part.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

SCHEME_IDS = {0x7109871A: 2, 0xF05368C0: 3}
_MAGIC = b"APK Sig Block 42"
_EOCD = b"PK\x05\x06"
_EOCD_BYTES = 22
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """The four sections of a signed APK as offsets; the block is absent if start equals end."""

    block_start: int
    directory_start: int
    eocd_start: int


@dataclass(frozen=True, slots=True)
class Signer:
    """One signer: digests and signatures by algorithm id, certificates and key as DER."""

    signed_data: bytes
    digests: dict[int, bytes]
    certificates: tuple[bytes, ...]
    signatures: dict[int, bytes]
    public_key: bytes


def layout_of(apk: bytes) -> Layout:
    """Find the sections; raises ValueError for what is not a zip."""
    eocd = apk.rfind(_EOCD, max(0, len(apk) - _EOCD_BYTES - 0xFFFF))
    if eocd < 0 or eocd + _EOCD_BYTES > len(apk):
        raise ValueError("there is no end of central directory")
    (directory,) = struct.unpack_from("<I", apk, eocd + 16)
    if directory > eocd:
        raise ValueError("the central directory lies outside the file")
    start = directory
    if directory >= 32 and apk[directory - 16 : directory] == _MAGIC:
        (size,) = struct.unpack_from("<Q", apk, directory - 24)
        first = directory - size - 8
        # Two different sizes: Android takes that for no block (ApkSigningBlockUtils).
        if first >= 0 and struct.unpack_from("<Q", apk, first) == (size,):
            start = first
    return Layout(start, directory, eocd)


def scheme_blocks(apk: bytes, layout: Layout) -> dict[int, bytes]:
    """Scheme number (2, 3) to its value in the signing block."""
    found: dict[int, bytes] = {}
    at, end = layout.block_start + 8, layout.directory_start - 24
    while at + 12 <= end:
        size, block_id = struct.unpack_from("<QI", apk, at)
        if size < 4 or at + 8 + size > end:
            raise ValueError("a pair in the signing block is longer than the block")
        if block_id in SCHEME_IDS:
            found[SCHEME_IDS[block_id]] = apk[at + 12 : at + 8 + size]
        at += 8 + size
    return found


def signers_of(block: bytes, scheme: int) -> tuple[Signer, ...]:
    """The signers of a v2 or v3 block."""
    (all_signers,) = _prefixed(block, 1)
    return tuple(_signer(raw, scheme) for raw in _items(all_signers))


def _signer(raw: bytes, scheme: int) -> Signer:
    (signed_data,) = _prefixed(raw, 1)
    rest = raw[4 + len(signed_data) :]
    rest = rest[8:] if scheme == 3 else rest  # v3: the Android versions it is for
    signatures, public_key = _prefixed(rest, 2)
    digests, certificates = _prefixed(signed_data, 2)
    return Signer(
        signed_data=signed_data,
        digests=dict(_by_algorithm(digests)),
        certificates=tuple(_items(certificates)),
        signatures=dict(_by_algorithm(signatures)),
        public_key=public_key,
    )


def _by_algorithm(raw: bytes) -> Iterator[tuple[int, bytes]]:
    for item in _items(raw):
        (algorithm,) = struct.unpack_from("<I", item)
        (value,) = _prefixed(item[4:], 1)
        yield algorithm, value


def _items(raw: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(raw):
        (item,) = _prefixed(raw[at:], 1)
        yield item
        at += 4 + len(item)


def _prefixed(raw: bytes, count: int) -> tuple[bytes, ...]:
    """The first `count` values, each behind its length as a little-endian 32-bit number."""
    values: list[bytes] = []
    at = 0
    for _ in range(count):
        if at + 4 > len(raw):
            raise ValueError("the signing block ends in the middle of a length")
        (size,) = struct.unpack_from("<I", raw, at)
        if at + 4 + size > len(raw):
            raise ValueError("the signing block ends in the middle of a value")
        values.append(raw[at + 4 : at + 4 + size])
        at += 4 + size
    return tuple(values)


def content_digest(apk: bytes, layout: Layout, algorithm: str) -> bytes:
    """Digest over everything but the block, in chunks of 1 MB (`algorithm`: sha256, sha512).

    The end-of-directory record counts as if the directory began where the block begins.
    """
    eocd = bytearray(apk[layout.eocd_start :])
    struct.pack_into("<I", eocd, 16, layout.block_start)
    view = memoryview(apk)
    sections = (
        view[: layout.block_start],
        view[layout.directory_start : layout.eocd_start],
        memoryview(eocd),
    )
    chunks = [
        hashlib.new(algorithm, b"\xa5" + struct.pack("<I", len(chunk)) + bytes(chunk)).digest()
        for section in sections
        for chunk in (section[i : i + _CHUNK_BYTES] for i in range(0, len(section), _CHUNK_BYTES))
    ]
    head = b"\x5a" + struct.pack("<I", len(chunks))
    return hashlib.new(algorithm, head + b"".join(chunks)).digest()
