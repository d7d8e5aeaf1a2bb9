"""Automata and boundary rules over one layer of bytes. Pure.

Input: a view. Output: the matches in it: texts of terms, their shifts, XOR under any one-byte key,
and places where base64 of a term begins out of step with the run around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.detection import boundaries
from harness.detection.decoders import utf16
from harness.detection.decoders.base64_text import decode_token, name_of
from harness.detection.patterns import Pattern, deltas, text_automaton, xor_automaton
from harness.detection.readability import is_text, mostly_text
from harness.detection.terms import Rule
from harness.detection.tokens import MAX_DECODED_BYTES, TOKEN_TABLE
from harness.detection.views import Piece, View

XOR_WINDOW_BYTES = 8
MIN_BINARY_BYTES = 6
SPACE = 32


@dataclass(slots=True)
class Match:
    """A pattern in a view, or a digest (`variant` then names it, `salt` what was mixed in)."""

    view: View
    start: int
    end: int
    term: int
    variant: str
    suffix: tuple[str, ...] = ()
    prefix: int = 0
    salt: str = ""


class Matcher:
    """The needles of one run."""

    def __init__(self, terms: Sequence[str], min_prefix: int) -> None:
        self._text = text_automaton(terms, min_prefix)
        self._xor = xor_automaton(terms)

    def text(self, view: View, plain: bool, signs: list[Piece]) -> Iterator[Match]:
        """Matches in a view; base64 that begins out of step is added to `signs` as a piece."""
        hits = self._text.find(view.data)
        if not hits:
            return
        whole = next((piece.name for piece in utf16.pieces(view.data)), "")
        for index, start, end in hits:
            for pattern in self._text.patterns[index]:
                if pattern.transform == "base64":
                    piece = unaligned_base64(view.data, start, pattern)
                    if piece is not None:
                        signs.append(piece)
                elif whole and _in_step(pattern.charset, whole, start):
                    continue  # found in the layer's text, which is a layer of its own
                elif _counts(view.data, start, end, pattern, plain):
                    steps = (pattern.transform,) if pattern.transform else ()
                    yield _match(view, start, end, pattern, steps)

    def xor(self, view: View) -> Iterator[Match]:
        """Terms under a one-byte XOR key other than 0."""
        data = view.data
        for index, start, end in self._xor.find(deltas(data)):
            for pattern in self._xor.patterns[index]:
                key = data[start] ^ pattern.first.encode(pattern.charset)[0]
                if key == 0:
                    continue
                low = max(0, start - XOR_WINDOW_BYTES)
                window = bytes(byte ^ key for byte in data[low : end + 1 + XOR_WINDOW_BYTES])
                if _counts(window, start - low, end + 1 - low, pattern, is_text(window)):
                    yield _match(view, start, end + 1, pattern, (f"xor[0x{key:02x}]",))


def _in_step(charset: str, whole: str, start: int) -> bool:
    """Whether a match in UTF-16 is of the text that the whole layer is in the charset `whole`; the
    other byte order shows the same text one byte beside."""
    return charset.startswith("utf-16") and (start % 2 == 0) == (charset == whole)


def _match(view: View, start: int, end: int, pattern: Pattern, steps: tuple[str, ...]) -> Match:
    charset = () if pattern.charset == "utf-8" else (pattern.charset,)
    return Match(
        view, start, end, pattern.term, pattern.variant, (*steps, *charset), pattern.prefix
    )


def _counts(data: bytes, start: int, end: int, pattern: Pattern, plain: bool) -> bool:
    if not plain and not mostly_text(data) and not _stands_out(data, start, end, pattern):
        return False
    return boundaries.holds(
        data,
        start,
        end,
        rule=pattern.rule,
        charset=pattern.charset,
        first=pattern.first,
        last=pattern.last,
    )


def _stands_out(data: bytes, start: int, end: int, pattern: Pattern) -> bool:
    """Whether a match amid binary data is more than chance.

    A long one is; a few letters count only between control bytes, as a length or a NUL is.
    """
    if pattern.rule is not Rule.WORD:
        return False
    if end - start >= MIN_BINARY_BYTES:
        return True
    return all(byte < SPACE for byte in (*data[max(0, start - 1) : start], *data[end : end + 1]))


def unaligned_base64(data: bytes, start: int, pattern: Pattern) -> Piece | None:
    """The run around a base64 sign, from the quantum in which the sign begins.

    None when the run itself begins on that quantum: it is decoded as a token anyway.
    """
    runs = data.translate(TOKEN_TABLE)
    low = runs.rfind(b" ", 0, start) + 1
    high = runs.find(b" ", start)
    high = len(data) if high < 0 else high
    first = low + (start - pattern.skip - low) % 4
    if first == low:
        return None
    token = data[first:high]
    decoded = decode_token(token, MAX_DECODED_BYTES)
    return Piece(name_of(token), first, high, decoded) if decoded else None
