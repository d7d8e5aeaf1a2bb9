"""The SubjectPublicKeyInfo inside an X.509 certificate (RFC 5280, section 4.1).

Pure. Input: a certificate in DER. Output: the bytes of that field, whose digest is what browsers
pin. Refused (`ValueError`): what is no certificate.
"""

from __future__ import annotations

_SEQUENCE, _VERSION = 0x30, b"\xa0"
_BEFORE_KEY = 5
"""serialNumber, signature, issuer, validity, subject."""


def public_key_info(certificate: bytes) -> bytes:
    outer, _ = _value(certificate, 0, _SEQUENCE)
    place, _ = _value(certificate, outer, _SEQUENCE)
    if certificate[place : place + 1] == _VERSION:
        place = _end(certificate, place)
    for _ in range(_BEFORE_KEY):
        place = _end(certificate, place)
    _value(certificate, place, _SEQUENCE)
    return certificate[place : _end(certificate, place)]


def _value(data: bytes, place: int, tag: int) -> tuple[int, int]:
    """Start and length of the value of the element at `place`, which must have this tag."""
    if place >= len(data) or data[place] != tag:
        raise ValueError(f"no DER element {tag:#x} at offset {place}")
    return _header(data, place)


def _header(data: bytes, place: int) -> tuple[int, int]:
    if place + 1 >= len(data):
        raise ValueError("DER ends in the middle of an element")
    first = data[place + 1]
    if first < 0x80:
        return place + 2, first
    count = first & 0x7F
    return place + 2 + count, int.from_bytes(data[place + 2 : place + 2 + count], "big")


def _end(data: bytes, place: int) -> int:
    start, size = _header(data, place)
    if start + size > len(data):
        raise ValueError("DER ends in the middle of an element")
    return start + size
