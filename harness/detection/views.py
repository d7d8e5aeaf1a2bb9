"""Layers of bytes and how they came about. Pure.

A `Piece` is what a decoder yields: a range of its parent and the bytes that range decodes to. A
`View` is a piece on its way down from the raw bytes of a part; it can name the decoders that lead
to it and map any of its ranges back to the raw bytes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

Range = tuple[int, int]
Mapping = Callable[[int, int], Range]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a decoder found in its parent.

    Attributes:
        name: of the decoder.
        start, end: half-open range in the parent that holds the encoded value.
        data: the decoded bytes.
        mapping: child range to parent range, for decoders that keep positions; None when only
            the whole encoded value can be pointed at.
        cut: True when decoding was stopped at a limit; `data` is then the beginning.
    """

    name: str
    start: int
    end: int
    data: bytes
    mapping: Mapping | None = None
    cut: bool = False


@dataclass(slots=True)
class View:
    """Bytes at some depth below the raw bytes of a part."""

    data: bytes
    parent: View | None = None
    piece: Piece | None = None
    depth: int = 0
    steps: tuple[str, ...] = field(default=())

    def child(self, piece: Piece) -> View:
        return View(piece.data, self, piece, self.depth + 1, (*self.steps, piece.name))

    def moved(self, old: View, new: View) -> View:
        """This view as it is below `new` instead of `old`, which holds the same bytes."""
        if self is old or self.parent is None:
            return new
        parent = self.parent.moved(old, new)
        return View(self.data, parent, self.piece, self.depth, self.steps)

    def trace(self, start: int, end: int) -> tuple[tuple[str, ...], Range]:
        """Decoders (outermost first) that the range needed, and its range in the raw bytes.

        A decoder that left the bytes of the range as they were is not named: it was not needed.
        """
        names: list[str] = []
        view: View = self
        while view.parent is not None and view.piece is not None:
            piece, parent = view.piece, view.parent
            if piece.mapping is None:
                names.append(piece.name)
                start, end = piece.start, piece.end
            else:
                inner = view.data[start:end]
                start, end = piece.mapping(start, end)
                outer = parent.data[start:end]
                if inner != outer:
                    names.append(
                        "percent" if piece.name == "form" and b"+" not in outer else piece.name
                    )
            view = parent
        return tuple(reversed(names)), (start, end)


def gaps(size_bytes: int, pieces: Iterable[Piece]) -> Iterator[Range]:
    """The ranges of a parent that no piece accounts for."""
    at = 0
    for start, end in sorted((piece.start, piece.end) for piece in pieces):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < size_bytes:
        yield at, size_bytes


def shifted(offset: int) -> Mapping:
    """Mapping of a piece that is a plain slice of its parent."""
    return lambda start, end: (start + offset, end + offset)


@dataclass(frozen=True, slots=True)
class Segments:
    """Positions of a decoder that replaces stretches of its input and keeps the rest.

    Attributes:
        child, parent: start of each replaced stretch, ascending, in either numbering.
        child_sizes, parent_sizes: their lengths.
    """

    child: list[int]
    parent: list[int]
    child_sizes: list[int]
    parent_sizes: list[int]

    @classmethod
    def of(cls, replaced: Iterable[tuple[int, int, int]]) -> Segments:
        """From (start in parent, length in parent, length in child) of each replaced stretch."""
        child, parent, child_sizes, parent_sizes = [], [], [], []
        shift = 0
        for start, parent_size, child_size in replaced:
            child.append(start + shift)
            parent.append(start)
            child_sizes.append(child_size)
            parent_sizes.append(parent_size)
            shift += child_size - parent_size
        return cls(child, parent, child_sizes, parent_sizes)

    @classmethod
    def even(cls, starts: list[int], parent_size: int, child_size: int) -> Segments:
        """For a decoder whose replaced stretches all have the same lengths."""
        shrink = parent_size - child_size
        child = [start - shrink * number for number, start in enumerate(starts)]
        return cls(child, starts, [child_size] * len(starts), [parent_size] * len(starts))

    def _locate(self, position: int, *, end: bool) -> int:
        index = bisect_right(self.child, position) - 1
        if index < 0:
            return position + (1 if end else 0)
        inside = position - self.child[index]
        if inside < self.child_sizes[index]:
            return self.parent[index] + (self.parent_sizes[index] if end else 0)
        after = self.parent[index] + self.parent_sizes[index] + inside - self.child_sizes[index]
        return after + (1 if end else 0)

    def to_parent(self, start: int, end: int) -> Range:
        if end <= start:
            at = self._locate(start, end=False)
            return at, at
        return self._locate(start, end=False), self._locate(end - 1, end=True)


def lazily(build: Callable[[], Segments], offset: int = 0) -> Mapping:
    """A mapping whose positions are worked out only when a match asks for them."""
    cache: list[Segments] = []

    def mapping(start: int, end: int) -> Range:
        if not cache:
            cache.append(build())
        low, high = cache[0].to_parent(start, end)
        return low + offset, high + offset

    return mapping
