"""What MessagePack and CBOR have in common: find the strings of a decoded tree in its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cbor2 import CBORTag

from harness.detection.views import Piece, shifted

MAX_LEAVES = 20_000
MAX_SEARCHED = 64
"""Strings that may be looked for in vain; each costs a search of all the data."""


class TooManyError(ValueError):
    """A tree has more nodes than are looked at; shared CBOR values can make one endless."""


def leaves(tree: object) -> Iterator[bytes]:
    """Every text or byte string of `tree`, keys included, in order; TooManyError at the limit."""
    stack: list[object] = [tree]
    count = 0
    while stack:
        if count == MAX_LEAVES:
            raise TooManyError
        node = stack.pop()
        count += 1
        if isinstance(node, Mapping):
            stack.extend(part for item in reversed(list(node.items())) for part in reversed(item))
        elif isinstance(node, (list, tuple)):
            stack.extend(reversed(node))
        elif isinstance(node, (set, frozenset)):
            stack.extend(node)
        elif isinstance(node, CBORTag):
            stack.append(node.value)
        elif isinstance(node, str):
            yield node.encode("utf-8", "surrogatepass")
        elif isinstance(node, (bytes, bytearray)):
            yield bytes(node)


def located(name: str, data: bytes, tree: object) -> Iterator[Piece]:
    """The strings of `tree` as slices of `data`, searched from left to right.

    Those that are nowhere in one piece (CBOR may send a string in chunks) come last, one a line.
    """
    at = 0
    scattered: list[bytes] = []
    cut = False
    try:
        for leaf in leaves(tree):
            start = -1
            if len(scattered) < MAX_SEARCHED:
                start = data.find(leaf, at)
                start = start if start >= 0 else data.find(leaf)
            if start < 0:
                scattered.append(leaf)
            elif leaf:
                at = start + len(leaf)
                yield Piece(name, start, at, leaf, shifted(start))
    except TooManyError:
        cut = True
    if scattered or cut:
        yield Piece(name, 0, len(data), b"\n".join(scattered), cut=cut)
