"""A JSON document piece by piece: the elements of one array, without holding the rest in memory.

Input: a binary stream. Output: each element of the wanted array with its number and byte offset.
Elements are decoded by the standard library's C scanner; only the way to the array is walked here.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK_BYTES = 1 << 20
MAX_VALUE_CHARS = 1 << 28
NEAR_END = 16
"""An error this close to the end of what was read may only mean that more must be read."""


OTHER_VALUES = frozenset('["-0123456789tfn')
"""First characters of a JSON value that is no object."""


class WalkError(ValueError):
    """The document is not what it should be.

    Attributes:
        offset: byte at which that shows.
        cut: the document simply ends too early.
    """

    def __init__(self, message: str, offset: int, *, cut: bool = False) -> None:
        super().__init__(message)
        self.offset = offset
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the array: its number from 0, first byte, and value."""

    number: int
    offset: int
    value: object


class Walk:
    """Reads a stream from a given byte on.

    Args:
        stream: positioned at `offset`.
        advanced: called with the byte offset reached so far, for a progress bar.
    """

    def __init__(
        self, stream: BinaryIO, offset: int = 0, advanced: Callable[[int], None] | None = None
    ) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._scan = json.JSONDecoder(strict=False).raw_decode
        self._advanced = advanced
        self._text = ""
        self._at = 0
        self._base = offset
        self._known = 0
        self._ended = False
        if offset == 0:
            self._fill()
            self._text = self._text.removeprefix("\ufeff")

    @property
    def offset(self) -> int:
        """Byte offset of the next character."""
        self._advance()
        return self._base

    def _advance(self) -> None:
        """Move the known place (a character and its byte offset) to the next character."""
        self._base += _size(self._text[self._known : self._at])
        self._known = self._at

    def _fill(self, size: int = 0) -> bool:
        """Read more (a chunk, or `size` bytes); False at the end of the stream."""
        if self._ended:
            return False
        self._advance()
        raw = self._stream.read(size or CHUNK_BYTES)
        self._ended = not raw
        self._text = self._text[self._at :] + self._decoder.decode(raw, final=self._ended)
        self._at = self._known = 0
        if self._advanced is not None:
            self._advanced(self._base)
        return bool(raw)

    def peek(self) -> str:
        """The next character that is not white space; an empty string at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in " \t\r\n":
                    return self._text[self._at]
                self._at += 1
            if not self._fill():
                return ""

    def expect(self, mark: str) -> None:
        """Take `mark` or raise WalkError."""
        found = self.peek()
        if found != mark:
            raise WalkError(f"expected {mark!r}, found {_named(found)}", self.offset, cut=not found)
        self._at += 1

    def take(self, mark: str) -> bool:
        """Take `mark` if it comes next."""
        if self.peek() != mark:
            return False
        self._at += 1
        return True

    def value(self) -> object:
        """Decode the value that comes next, reading as much as it needs."""
        size = CHUNK_BYTES
        while True:
            self.peek()
            try:
                value, end = self._scan(self._text, self._at)
            except RecursionError:
                raise WalkError("nested too deeply", self.offset) from None
            except json.JSONDecodeError as error:
                open_end = error.msg.startswith("Unterminated") or (
                    error.pos >= len(self._text) - NEAR_END
                )
                if not open_end or len(self._text) - self._at > MAX_VALUE_CHARS:
                    raise WalkError(error.msg.lower(), self._place(error.pos)) from None
                if not self._fill(size):
                    raise WalkError(
                        "ends in the middle", self._place(error.pos), cut=True
                    ) from None
                size *= 2
                continue
            if end == len(self._text) and self._fill():
                continue
            self._at = end
            return value

    def _place(self, position: int) -> int:
        self._advance()
        return self._base + _size(self._text[self._at : position])

    def enter(self, *path: str) -> bool:
        """Go to the array at `path` of nested objects; False when there is none."""
        for key in path:
            if self.peek() in OTHER_VALUES:
                return False
            self.expect("{")
            if not self._member(key):
                return False
        if self.peek() != "[":
            return False
        self._at += 1
        return True

    def _member(self, wanted: str) -> bool:
        """Skip members of an object until `wanted`, whose value then comes next."""
        while not self.take("}"):
            key = self.value()
            self.expect(":")
            if key == wanted:
                return True
            self.value()
            if not self.take(",") and self.peek() != "}":
                raise WalkError(
                    f"expected ',' or '}}', found {_named(self.peek())}",
                    self.offset,
                    cut=not self.peek(),
                )
        return False

    def elements(self) -> Iterator[Element]:
        """The elements of the array just entered, to its end."""
        number = 0
        while not self.take("]"):
            self.peek()
            offset = self.offset
            yield Element(number, offset, self.value())
            number += 1
            if not self.take(",") and self.peek() != "]":
                found = self.peek()
                raise WalkError(
                    f"expected ',' or ']', found {_named(found)}", self.offset, cut=not found
                )


def _size(text: str) -> int:
    """Bytes of `text` in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _named(found: str) -> str:
    return repr(found) if found else "the end of the file"
