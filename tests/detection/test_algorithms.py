"""The table of digests: no name twice, the common ones first, salts mixed in every usual way."""

from __future__ import annotations

import hashlib
import hmac

from harness.detection.algorithms import ALGORITHMS, salted


def test_names_are_unique_and_every_peer_algorithm_is_there() -> None:
    names = [algorithm.name for algorithm in ALGORITHMS]
    assert len(names) == len(set(names))
    assert {
        "md2", "md4", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-224",
        "sha3-256", "sha3-384", "sha3-512", "murmur3-64-1", "murmur3-64-2", "murmur3-128",
        "ripemd160", "whirlpool", "sha256-salted-1", "blake2b", "blake2s", "blake3", "murmur3-32",
        "xxh64", "crc32",
    } <= set(names)  # fmt: skip


def test_java_hash_code_is_javas() -> None:
    """`"hepatite".hashCode()` as OpenJDK 17 prints it: -1221270899 is `"header"`, see String."""
    digest = next(item.digest for item in ALGORITHMS if item.name == "java-hash")
    assert digest(b"header") == (-1221270899 & 0xFFFFFFFF).to_bytes(4, "big")


def test_salts_go_before_behind_and_as_a_key() -> None:
    made = dict(salted(b"term", b"salt"))
    assert made["sha256[salt:term]"] == hashlib.sha256(b"salt:term").digest()
    assert made["md5[termsalt]"] == hashlib.md5(b"termsalt").digest()
    assert made["hmac-sha1[key=salt]"] == hmac.digest(b"salt", b"term", "sha1")
