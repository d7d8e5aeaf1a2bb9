"""A recorded file to exchanges, whatever its format: HAR, mitmproxy flows, either gzipped.

Input: a path. Output: entries in the file's order. The format is told by the content, not by the
name. Every way in which a file can be unreadable ends in one `ScenarioError` that names the file,
the place and what was expected; entries before that place have been yielded by then.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from harness.errors import ScenarioError
from harness.traffic.har import Entry, read_entries
from harness.traffic.json_walk import Walk, WalkError

GZIP_MAGIC = b"\x1f\x8b"
EXPECTED = "a HAR 1.2 file or a mitmproxy flow file, plain or gzipped"

Advanced = Callable[[int], None]


def read_capture(path: Path, advanced: Advanced | None = None) -> Iterator[Entry]:
    """Every entry of the file.

    Args:
        advanced: called with the number of bytes read so far.

    Raises:
        ScenarioError: the file cannot be opened or is damaged from some place on.
    """
    try:
        with path.open("rb") as file:
            yield from _read(file, path, advanced)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ScenarioError(reason, where=str(path), expected=EXPECTED) from error


def _read(file: BinaryIO, path: Path, advanced: Advanced | None) -> Iterator[Entry]:
    stream = _opened(file)
    head = _peek(stream, path)
    report = (lambda _: advanced(file.tell())) if advanced is not None else None
    try:
        if _is_flow_file(head):
            from harness.traffic.flows import FlowFileError, read_flows

            try:
                yield from read_flows(stream, str(path))
            except FlowFileError as error:
                raise ScenarioError(
                    f"not a whole mitmproxy flow file: {error}",
                    where=f"{path}:byte {file.tell()}",
                    expected=EXPECTED,
                ) from error
        else:
            yield from read_entries(Walk(stream, 0, report), str(path))
    except WalkError as error:
        what = f"cut short: {error}" if error.cut else f"not JSON: {error}"
        where = f"{path}:byte {error.offset}"
        raise ScenarioError(what, where=where, expected=EXPECTED) from error
    except ValueError as error:
        raise ScenarioError(
            f"not a HAR file: {error}", where=str(path), expected=EXPECTED
        ) from error
    except (EOFError, zlib.error) as error:
        where = f"{path}:byte {file.tell()}"
        raise ScenarioError(
            f"damaged gzip data: {error}", where=where, expected=EXPECTED
        ) from error


def _opened(file: BinaryIO) -> BinaryIO:
    gzipped = file.read(2) == GZIP_MAGIC
    file.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb")) if gzipped else file


def _peek(stream: BinaryIO, path: Path) -> bytes:
    try:
        head = stream.read(64)
        stream.seek(0)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ScenarioError(f"damaged gzip data: {error}", where=str(path)) from error
    if not head:
        raise ScenarioError("the file is empty", where=str(path), expected=EXPECTED)
    return head


def _is_flow_file(head: bytes) -> bool:
    """A netstring: its length in digits, then a colon."""
    digits, colon, _ = head.partition(b":")
    return bool(colon) and digits.isdigit() and len(digits) < 12
