"""lz-string (pieroxy.net/blog/pages/lz-string): its five output forms.

Own code: the published Python port neither bounds its output nor stops at the first code that
cannot be, and the latter is what makes it cheap to try on a token that is something else.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from harness.detection.views import Piece

BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
FROM_URI = bytes.maketrans(b"-", b"/")
UTF16_SHIFT = 32
URI_TOKEN_MIN = 6
MAX_INPUT_UNITS = 1 << 16
FOREIGN = re.compile(rb"[\x80-\xff]{6}")
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
NEW_CHAR_8, NEW_CHAR_16, END = 0, 1, 2


class _Bits:
    """A stream of bits, first ones first, of which each number is read from its low end.

    Args:
        data: the stream, most significant bit of each byte first.
        total: number of bits that count.
    """

    def __init__(self, data: bytes, total: int) -> None:
        self.data = data.translate(REVERSED)
        self.at = 0
        self.total = total

    def take(self, count: int) -> int:
        """The next `count` bits (24 at most); EOFError when they run out."""
        at = self.at
        self.at = at + count
        if self.at > self.total:
            raise EOFError
        low = at >> 3
        window = int.from_bytes(self.data[low : low + 4], "little")
        return window >> (at & 7) & ((1 << count) - 1)


def packed(units: list[int], width: int) -> bytes:
    """Units of `width` bits as one stream of bits, filled up with zeros."""
    bits = "".join(f"{unit:0{width}b}" for unit in units)
    size = (len(bits) + 7) // 8
    return int(bits.ljust(size * 8, "0") or "0", 2).to_bytes(size, "big")


def _new_char(bits: _Bits, code: int) -> str:
    char = chr(bits.take(8 if code == NEW_CHAR_8 else 16))
    if char < " " and char not in "\t\r\n":
        raise ValueError("control character")
    return char


def decompress(data: bytes, total: int, slack: int, limit: int) -> str | None:
    """The text behind a stream of bits; None when it is not an lz-string.

    Args:
        total: number of bits that count.
        slack: bits that may follow the end mark.
        limit: characters after which decoding stops; what came until then is returned.
    """
    bits = _Bits(data, total)
    try:
        first = bits.take(2)
        if first >= END:
            return None
        word = _new_char(bits, first)
        entries = ["", "", "", word]
        output = [word]
        size, enlarge_in, code_bits = 1, 4, 3
        while size <= limit:
            code = bits.take(code_bits)
            if code == END:
                return "".join(output) if bits.total - bits.at <= slack else None
            if code < END:
                entries.append(_new_char(bits, code))
                code = len(entries) - 1
                enlarge_in -= 1
            if enlarge_in == 0:
                enlarge_in, code_bits = 1 << code_bits, code_bits + 1
            if code < len(entries):
                entry = entries[code]
            elif code == len(entries):
                entry = word + word[0]
            else:
                return None
            output.append(entry)
            size += len(entry)
            entries.append(word + entry[0])
            word = entry
            enlarge_in -= 1
            if enlarge_in == 0:
                enlarge_in, code_bits = 1 << code_bits, code_bits + 1
    except (EOFError, ValueError):
        return None
    return "".join(output)


def _encoded(text: str) -> bytes:
    units = text.encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "replace").encode()


def decode_token(token: bytes, limit: int) -> bytes | None:
    """A token in the base64 or the URI form, as UTF-8."""
    if not URI_TOKEN_MIN <= len(token) <= MAX_INPUT_UNITS or token[:2] not in OPENINGS:
        return None
    # The two forms differ in one character, `-` for `/`; six bits a character either way.
    usual = token.translate(FROM_URI)
    if usual.translate(None, BASE64):
        return None
    data = binascii.a2b_base64(usual + b"A" * (-len(usual) % 4))
    text = decompress(data, 6 * len(token), 12, limit)
    return _encoded(text) if text else None


def pieces(data: bytes, limit: int) -> Iterator[Piece]:
    """`data` as a byte array (`compressToUint8Array`, or `compress` in UTF-16BE)."""
    if not 4 <= len(data) <= MAX_INPUT_UNITS or not _opens(data):
        return
    text = decompress(data, 8 * len(data), 16, limit)
    if text:
        yield Piece("lz-string", 0, len(data), _encoded(text))


def _opens(data: bytes) -> bool:
    """Whether the first code is a new character, and a printable one if it has 8 bits."""
    first = data[0]
    if first & 0x40:
        return False
    return first >= 0x80 or 32 <= REVERSED[(first & 0x3F) << 2 | data[1] >> 6] != 127


def _openings() -> frozenset[bytes]:
    """The first two characters of every base64 or URI form that can be one."""
    found: set[bytes] = set()
    for high, first in enumerate(BASE64):
        for low, second in enumerate(BASE64):
            if _opens((high << 10 | low << 4).to_bytes(2, "big")):
                pair = bytes((first, second))
                found |= {pair, pair.replace(b"/", b"-")}
    return frozenset(found)


OPENINGS = _openings()


def text_pieces(data: bytes) -> Iterator[Piece]:
    """Stretches of non-ASCII text as `compressToUTF16` or `compress` write them."""
    if data.isascii() or FOREIGN.search(data) is None:
        return
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return
    for start, end in _foreign_stretches(text):
        units = [ord(char) for char in text[start:end]]
        if max(units) > 0xFFFF:
            continue
        decoded = None
        if min(units) >= UTF16_SHIFT:
            shifted = packed([unit - UTF16_SHIFT & 0x7FFF for unit in units], 15)
            decoded = decompress(shifted, 15 * len(units), 30, len(data) * 64)
        if not decoded:
            decoded = decompress(packed(units, 16), 16 * len(units), 32, len(data) * 64)
        if decoded:
            low = len(text[:start].encode("utf-8", "surrogatepass"))
            size = len(text[start:end].encode("utf-8", "surrogatepass"))
            yield Piece("lz-string", low, low + size, _encoded(decoded))


def _foreign_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Ranges between quotes or separators that hold mostly characters of two or more bytes."""
    start = 0
    for at, char in enumerate(f'{text}"'):
        if char in '"\n&=':
            stretch = text[start:at]
            if len(stretch) >= 4 and sum(unit > "\u007f" for unit in stretch) * 2 > len(stretch):
                yield start, at
            start = at + 1
