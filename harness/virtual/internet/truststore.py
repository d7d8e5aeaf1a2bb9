"""A PKCS #12 trust store with one certificate, as a Java runtime takes it.

Input: a certificate in DER. Output: the file's bytes. Written here because Java ignores
certificates without the trusted-key-usage attribute (OID 2.16.840.1.113894.746875.1.1, JDK's
`sun.security.pkcs12.PKCS12KeyStore`), which the cryptography package writes only from version 45
on. Format: RFC 7292; content unencrypted, integrity by HMAC-SHA-256 with the key derivation of its
appendix B. Refused: private keys; there is nowhere to put one.
"""

from __future__ import annotations

import hashlib
import hmac
import os

_DATA = "1.2.840.113549.1.7.1"
_CERT_BAG = "1.2.840.113549.1.12.10.1.3"
_X509 = "1.2.840.113549.1.9.22.1"
_FRIENDLY_NAME = "1.2.840.113549.1.9.20"
_TRUSTED_KEY_USAGE = "2.16.840.1.113894.746875.1.1"
_ANY_USAGE = "2.5.29.37.0"
_SHA256 = "2.16.840.1.101.3.4.2.1"

_INTEGER, _OCTETS, _NULL, _OID, _BMP, _SEQUENCE, _SET, _EXPLICIT = (
    0x02, 0x04, 0x05, 0x06, 0x1E, 0x30, 0x31, 0xA0,
)  # fmt: skip

_ITERATIONS = 10_000
_MAC_KEY = 3
_BLOCK_BYTES = 64


def trust_store(certificate_der: bytes, alias: str, password: str) -> bytes:
    """The whole file; `password` guards its integrity, not its content."""
    bag = _sequence(
        _oid(_CERT_BAG),
        _explicit(_sequence(_oid(_X509), _explicit(_tlv(_OCTETS, certificate_der)))),
        _tlv(
            _SET,
            _attribute(_FRIENDLY_NAME, _tlv(_BMP, alias.encode("utf-16-be"))),
            _attribute(_TRUSTED_KEY_USAGE, _oid(_ANY_USAGE)),
        ),
    )
    contents = _sequence(_data(_sequence(bag)))
    salt = os.urandom(16)
    key = _derive(password, salt, _MAC_KEY)
    digest = hmac.new(key, contents, hashlib.sha256).digest()
    algorithm = _sequence(_oid(_SHA256), _tlv(_NULL))
    mac = _sequence(
        _sequence(algorithm, _tlv(_OCTETS, digest)), _tlv(_OCTETS, salt), _integer(_ITERATIONS)
    )
    return _sequence(_integer(3), _data(contents), mac)


def _attribute(oid: str, value: bytes) -> bytes:
    return _sequence(_oid(oid), _tlv(_SET, value))


def _data(content: bytes) -> bytes:
    return _sequence(_oid(_DATA), _explicit(_tlv(_OCTETS, content)))


def _sequence(*parts: bytes) -> bytes:
    return _tlv(_SEQUENCE, *parts)


def _explicit(content: bytes) -> bytes:
    return _tlv(_EXPLICIT, content)


def _integer(value: int) -> bytes:
    return _tlv(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    return _tlv(_OID, b"".join(_base128(number) for number in (first * 40 + second, *rest)))


def _base128(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def _tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _derive(password: str, salt: bytes, purpose: int) -> bytes:
    """RFC 7292 appendix B.2 for one block of output: 32 bytes of SHA-256."""
    secret = _filled(password.encode("utf-16-be") + b"\0\0")
    digest = bytes([purpose]) * _BLOCK_BYTES + _filled(salt) + secret
    for _ in range(_ITERATIONS):
        digest = hashlib.sha256(digest).digest()
    return digest


def _filled(data: bytes) -> bytes:
    blocks = -(-len(data) // _BLOCK_BYTES)
    size = blocks * _BLOCK_BYTES
    return (data * (size // len(data) + 1))[:size]
