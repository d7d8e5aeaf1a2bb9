"""Android's binary XML as an element tree; the only user of apkInspector.

Input: the bytes of a compiled `AndroidManifest.xml`. Output: its root element. Refuses, with
ValueError, what the library cannot read or reads into something that is not XML.

The library calls `logging.basicConfig` with level DEBUG when it is imported (1.3.7), which would
turn every library's debug messages loose on the terminal: the root logger is put back as it was.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


with _root_logger_kept():
    from apkInspector.axml import get_manifest


def parse_binary_xml(raw: bytes) -> ElementTree.Element:
    """The root element; attribute names of Android's namespace are qualified with it."""
    try:
        return ElementTree.fromstring(get_manifest(io.BytesIO(raw)))
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
