"""The digests a tracker may make of a term: one table. Pure.

Names follow OpenSSL where it has one. `slow` ones are pure Python and applied to fewer forms of a
term. Digests of up to 32 bits are so short that a number alone proves nothing; they need a key
name beside them that says what they are.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import blake3
import mmh3
import xxhash

from harness.detection.old_hashes import md2, md4, whirlpool

LEAKY_FORMS_SALT = b"QX4QkKEU"
"""A vendor's fixed salt, seen on the web at scale (Leaky Forms, USENIX Security 2022)."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A digest function; `short` ones have 32 bits, `slow` ones are pure Python."""

    name: str
    digest: Callable[[bytes], bytes]
    slow: bool = False
    short: bool = False


def _openssl(name: str) -> Callable[[bytes], bytes]:
    made = getattr(hashlib, name, None)  # its own constructor is twice as fast
    if made is not None:
        return lambda data: bytes(made(data, usedforsecurity=False).digest())
    return lambda data: hashlib.new(name, data, usedforsecurity=False).digest()


def _big(size: int, function: Callable[[bytes], int]) -> Callable[[bytes], bytes]:
    mask = (1 << 8 * size) - 1
    return lambda data: (function(data) & mask).to_bytes(size, "big")


def _murmur64(index: int) -> Callable[[bytes], bytes]:
    return _big(8, lambda data: mmh3.hash64(data, signed=False)[index])


def _java_hash(data: bytes) -> int:
    value = 0
    units = data.decode("utf-8", "replace").encode("utf-16-be")
    for at in range(0, len(units), 2):
        value = value * 31 + int.from_bytes(units[at : at + 2], "big") & 0xFFFFFFFF
    return value


OPENSSL = (
    "md5 sha1 sha224 sha256 sha384 sha512 sha512_256 sha3_224 sha3_256 sha3_384 sha3_512 "
    "blake2b blake2s ripemd160"
)
ALGORITHMS: tuple[Algorithm, ...] = (
    *(
        Algorithm(name.replace("_", "-"), _openssl(name))
        for name in OPENSSL.split()
        if name in hashlib.algorithms_available
    ),
    Algorithm("blake2b-256", lambda data: hashlib.blake2b(data, digest_size=32).digest()),
    Algorithm("blake2b-128", lambda data: hashlib.blake2b(data, digest_size=16).digest()),
    Algorithm("blake3", lambda data: blake3.blake3(data).digest()),
    Algorithm("murmur3-128", _big(16, lambda data: mmh3.hash128(data, signed=False))),
    Algorithm("murmur3-128-bytes", mmh3.hash_bytes),
    Algorithm("murmur3-64-1", _murmur64(0)),
    Algorithm("murmur3-64-2", _murmur64(1)),
    Algorithm("xxh64", lambda data: xxhash.xxh64_digest(data)),
    Algorithm("xxh3-64", lambda data: xxhash.xxh3_64_digest(data)),
    Algorithm("xxh3-128", lambda data: xxhash.xxh3_128_digest(data)),
    Algorithm("sha256-salted-1", lambda data: hashlib.sha256(data + LEAKY_FORMS_SALT).digest()),
    Algorithm("md2", md2, slow=True),
    Algorithm("md4", md4, slow=True),
    Algorithm("whirlpool", whirlpool, slow=True),
    Algorithm("murmur3-32", _big(4, lambda data: mmh3.hash(data, signed=False)), short=True),
    Algorithm("xxh32", lambda data: xxhash.xxh32_digest(data), short=True),
    Algorithm("crc32", _big(4, zlib.crc32), short=True),
    Algorithm("adler32", _big(4, zlib.adler32), short=True),
    Algorithm("java-hash", _big(4, _java_hash), short=True),
)
"""Every algorithm, the common ones first."""

SALTED = ("md5", "sha1", "sha256", "sha512")
JOINTS = ("", ":", "|", "-", "_", ".", "+", " ", "/", "#")
"""What stands between a salt and a term."""


def salted(data: bytes, salt: bytes) -> list[tuple[str, bytes]]:
    """(name, digest) of every usual way to mix `salt` into a digest of `data`."""
    made: list[tuple[str, bytes]] = []
    for name in SALTED:
        digest = _openssl(name)
        for joint in JOINTS:
            middle = joint.encode()
            made.append((f"{name}[salt{joint}term]", digest(salt + middle + data)))
            made.append((f"{name}[term{joint}salt]", digest(data + middle + salt)))
        made.append((f"hmac-{name}[key=salt]", hmac.digest(salt, data, name)))
        made.append((f"hmac-{name}[key=term]", hmac.digest(data, salt, name)))
    return made
