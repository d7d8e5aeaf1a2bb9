"""MD2, MD4 and Whirlpool, which today's OpenSSL no longer offers. Pure Python, for short inputs.

Written from RFC 1319 (with its erratum on the checksum), RFC 1320 and ISO/IEC 10118-3:2004
(Whirlpool, final version); the tests pin them by the vectors of those documents. They serve to
recognise digests that trackers send, never to protect anything.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache

MASK = 0xFFFFFFFF


@lru_cache(maxsize=1)
def _md2_table() -> bytes:
    """RFC 1319's permutation, derived from the digits of pi as the errata tell."""
    digits = _Digits()
    table = list(range(256))

    def draw(limit: int) -> int:
        while True:
            value, bound = next(digits), 10
            if limit > 10:
                value, bound = value * 10 + next(digits), 100
            if limit > 100:
                value, bound = value * 10 + next(digits), 1000
            if value < limit * (bound // limit):
                return value % limit

    for size in range(2, 257):
        other = draw(size)
        table[other], table[size - 1] = table[size - 1], table[other]
    return bytes(table)


class _Digits:
    """Digits of pi, by Gibbons' unbounded spigot."""

    def __init__(self) -> None:
        self.state = (1, 0, 1, 1, 3, 3)

    def __next__(self) -> int:
        q, r, t, k, n, x = self.state
        while not 4 * q + r - t < n * t:
            q, r, t, k, n, x = (
                q * k,
                (2 * q + r) * x,
                t * x,
                k + 1,
                (q * (7 * k + 2) + r * x) // (t * x),
                x + 2,
            )
        self.state = (q * 10, 10 * (r - n * t), t, k, (10 * (3 * q + r)) // t - 10 * n, x)
        return n


def md2(data: bytes) -> bytes:
    """RFC 1319."""
    table = _md2_table()
    pad = 16 - len(data) % 16
    data += bytes([pad]) * pad
    checksum, last = bytearray(16), 0
    for at in range(0, len(data), 16):
        for j in range(16):
            checksum[j] ^= table[data[at + j] ^ last]
            last = checksum[j]
    data += bytes(checksum)
    state = bytearray(48)
    for at in range(0, len(data), 16):
        block = data[at : at + 16]
        state[16:32] = block
        state[32:48] = bytes(a ^ b for a, b in zip(block, state[:16], strict=True))
        turn = 0
        for step in range(18):
            for j in range(48):
                state[j] ^= table[turn]
                turn = state[j]
            turn = (turn + step) % 256
    return bytes(state[:16])


def _rotate(value: int, count: int) -> int:
    value &= MASK
    return (value << count | value >> (32 - count)) & MASK


_MD4_ROUNDS: tuple[
    tuple[Callable[[int, int, int], int], int, tuple[int, ...], tuple[int, ...]], ...
] = (
    (lambda x, y, z: x & y | ~x & z, 0, tuple(range(16)), (3, 7, 11, 19)),
    (
        lambda x, y, z: x & y | x & z | y & z,
        0x5A827999,
        (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
        (3, 5, 9, 13),
    ),
    (
        lambda x, y, z: x ^ y ^ z,
        0x6ED9EBA1,
        (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
        (3, 9, 11, 15),
    ),
)


def md4(data: bytes) -> bytes:
    """RFC 1320."""
    size_bits = len(data) * 8
    data += b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", size_bits)
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    for at in range(0, len(data), 64):
        words = struct.unpack("<16I", data[at : at + 64])
        a, b, c, d = state
        for mix, constant, order, shifts in _MD4_ROUNDS:
            for step, word in enumerate(order):
                turned = _rotate(a + mix(b, c, d) + words[word] + constant, shifts[step % 4])
                a, b, c, d = d, turned, b, c
        state = [(old + new) & MASK for old, new in zip(state, (a, b, c, d), strict=True)]
    return struct.pack("<4I", *state)


_E = (0x1, 0xB, 0x9, 0xC, 0xD, 0x6, 0xF, 0x3, 0xE, 0x8, 0x7, 0x4, 0xA, 0x2, 0x5, 0x0)
_R = (0x7, 0xC, 0xB, 0xD, 0xE, 0x4, 0x9, 0xF, 0x6, 0x3, 0x8, 0xA, 0x2, 0x5, 0x1, 0x0)
_ROW = (1, 1, 4, 1, 8, 5, 2, 9)


def _times(a: int, b: int) -> int:
    """Product in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


@lru_cache(maxsize=1)
def _whirlpool_tables() -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """(S-box, per column: S-box and diffusion of one byte as a 64-bit row)."""
    inverse = tuple(_E.index(value) for value in range(16))
    box = []
    for value in range(256):
        a, b = _E[value >> 4], inverse[value & 15]
        c = _R[a ^ b]
        box.append(_E[a ^ c] << 4 | inverse[b ^ c])
    columns = []
    for column in range(8):
        shifts = [_ROW[(at - column) % 8] for at in range(8)]
        columns.append(
            tuple(
                int.from_bytes(bytes(_times(box[value], factor) for factor in shifts), "big")
                for value in range(256)
            )
        )
    return tuple(box), tuple(columns)


def _whirlpool_round(state: bytes, key: bytes) -> bytes:
    """Substitute, shift columns, mix rows, add the key."""
    _, columns = _whirlpool_tables()
    rows = []
    for row in range(8):
        mixed = 0
        for column in range(8):
            mixed ^= columns[column][state[(row - column) % 8 * 8 + column]]
        rows.append(mixed.to_bytes(8, "big"))
    return _xor(b"".join(rows), key)


def _xor(a: bytes, b: bytes) -> bytes:
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(len(a), "big")


def whirlpool(data: bytes) -> bytes:
    """ISO/IEC 10118-3:2004."""
    box, _ = _whirlpool_tables()
    size_bits = len(data) * 8
    data += b"\x80" + bytes((31 - len(data)) % 64) + size_bits.to_bytes(32, "big")
    digest = bytes(64)
    for at in range(0, len(data), 64):
        block = data[at : at + 64]
        key, state = digest, _xor(block, digest)
        for number in range(10):
            constant = bytes(box[8 * number + j] for j in range(8)) + bytes(56)
            key = _whirlpool_round(key, constant)
            state = _whirlpool_round(state, key)
        digest = _xor(_xor(state, digest), block)
    return digest
