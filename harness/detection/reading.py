"""How well some bytes could be read. Pure.

Input: what stayed opaque in the layers below. Output: how much of a layer that is, in its own
bytes; `harness.detection.unread` decides from which size on it is told.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.detection.decoders import base16
from harness.detection.views import Piece

LONG_TOKEN = 88
"""Characters from which an undecodable token counts as opaque (64 bytes in base64)."""
LONG_HEX = 129
"""The same for hex digits: longer than the longest digest in use (512 bits)."""
CIPHER_TOKEN, CIPHER_HEX = 43, 64
"""Characters from which a token can be one word under a cipher: 32 bytes, a vector and a block."""
DIGEST_HEX = frozenset({64, 96, 128})
"""Hex digits that are taken for a digest, which apps send as a matter of course."""
PUSH_TOKEN = b"APA91b"
"""How the long part of a Firebase Cloud Messaging token begins."""
PATH_PIECE = 24
"""A token of several pieces between slashes, all shorter, is a path."""


@dataclass(slots=True)
class Reading:
    """How well a view could be read.

    Attributes:
        explained: it is text, a known format, or something decodes all of it.
        opaque_bytes: bytes of the view behind which something undecodable remains.
        small_bytes: the same of values too short to count by themselves.
        cut: why decoding stopped early, empty when it did not.
    """

    explained: bool
    opaque_bytes: int = 0
    cut: str = ""
    small_bytes: int = 0

    def add_token(self, token: bytes, explained: int) -> None:
        """A token of which `explained` characters hold something readable."""
        size = len(token)
        if size < CIPHER_TOKEN or explained * 2 >= size:
            return
        is_hex = not token.translate(None, base16.HEX)
        if (token.islower() and not is_hex) or token.startswith(PUSH_TOKEN):
            return  # the former are words joined by the alphabets' punctuation
        if size >= (LONG_HEX if is_hex else LONG_TOKEN):
            self.opaque_bytes += size
        elif is_hex:
            self.small_bytes += size if size > CIPHER_HEX and size not in DIGEST_HEX else 0
        elif not _like_a_path(token):
            self.small_bytes += size

    def add_beneath(self, inner: Reading, piece: Piece) -> None:
        """What stays opaque in what a piece of this view decodes to."""
        opaque, small = _scaled(inner, piece)
        self.opaque_bytes += opaque
        self.small_bytes += small
        self.cut = self.cut or inner.cut

    def cover(self, inner: Reading, piece: Piece) -> None:
        """The same for a piece that may overlap what was counted already."""
        opaque, small = _scaled(inner, piece)
        self.opaque_bytes = max(self.opaque_bytes, opaque)
        self.small_bytes = max(self.small_bytes, small)
        self.cut = self.cut or inner.cut


def _scaled(inner: Reading, piece: Piece) -> tuple[int, int]:
    """In bytes of the piece's parent; what nothing reads is nothing that compression shrinks."""
    if not piece.data or not (inner.opaque_bytes or inner.small_bytes):
        return 0, 0
    size = piece.end - piece.start
    scale = max(1.0, size / len(piece.data))
    opaque, small = (int(count * scale) for count in (inner.opaque_bytes, inner.small_bytes))
    return min(opaque, size), min(small, size)


def _like_a_path(token: bytes) -> bool:
    pieces = token.split(b"/")
    return len(pieces) > 2 and max(map(len, pieces)) < PATH_PIECE
