"""multipart bodies (RFC 2046, form-data): each part's body as a slice of its own.

Part headers, and with them field and file names, stay visible in the parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.detection.views import Piece, shifted

BOUNDARY = re.compile(rb"(?:\A|\r?\n)--([^\r\n]{1,200}?)[ \t]*\r?\n")
HEAD_BYTES = 2048
HEADERS_END = re.compile(rb"\r?\n\r?\n")


def pieces(data: bytes) -> Iterator[Piece]:
    """The bodies of the parts, in order; nothing when `data` is not multipart."""
    opening = _opening(data)
    if opening is None:
        return
    delimiter = b"--" + opening.group(1)
    at = opening.end() - 1  # a part may begin with the empty line that ends its headers
    while True:
        end = data.find(delimiter, at)
        if end < 0:
            return
        head = HEADERS_END.search(data, at, end)
        if head is not None:
            start = head.end()
            stop = end - 2 if data[end - 2 : end] == b"\r\n" else end - 1
            if stop > start:
                yield Piece("multipart", start, stop, data[start:stop], shifted(start))
        if data[end + len(delimiter) : end + len(delimiter) + 2] == b"--":
            return
        at = end + len(delimiter)


def is_multipart(data: bytes) -> bool:
    """Whether `data` has a delimiter line that comes again."""
    return _opening(data) is not None


def _opening(data: bytes) -> re.Match[bytes] | None:
    if b"--" not in data[:HEAD_BYTES]:
        return None
    opening = BOUNDARY.search(data, 0, HEAD_BYTES)
    if opening is None or data.find(b"--" + opening.group(1), opening.end()) < 0:
        return None
    return opening
