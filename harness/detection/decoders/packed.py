"""What MessagePack and CBOR have in common: find the strings of a decoded tree in its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cbor2 import CBORTag

from harness.detection.views import Piece, shifted

MAX_LEAVES = 20_000


def leaves(tree: object) -> Iterator[bytes]:
    """Every text or byte string of `tree`, keys included, in order."""
    stack: list[object] = [tree]
    count = 0
    while stack and count < MAX_LEAVES:
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
    """The strings of `tree` as slices of `data`, searched from left to right."""
    at = 0
    for leaf in leaves(tree):
        if not leaf:
            continue
        start = data.find(leaf, at)
        if start < 0:
            start = data.find(leaf)
        if start < 0:
            continue
        at = start + len(leaf)
        yield Piece(name, start, at, leaf, shifted(start))
