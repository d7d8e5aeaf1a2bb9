"""Which source file each class of a dex file names; the converter's tool leaves that out.

Input: the bytes of a `classes.dex`. Output: class name (internal form) and source file. Layout:
Dalvik executable format, sections `header_item`, `class_def_item`, `type_id_item`,
`string_data_item` (source.android.com/docs/core/runtime/dex-format). Refuses, with ValueError,
bytes that are no dex file or point outside themselves.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

NO_INDEX = 0xFFFFFFFF
_MAGIC = b"dex\n"
_STRING_IDS_AT, _TYPE_IDS_AT, _CLASS_DEFS_AT = 0x38, 0x40, 0x60
_CLASS_DEF = struct.Struct("<8I")
_SOURCE = 4
"""Position of `source_file_idx` in a class_def_item."""


def source_files(dex: bytes) -> Iterator[tuple[str, str]]:
    """`("org/example/Main", "Main.java")` for each class that names its source.

    Raises:
        ValueError: not a dex file, or a broken one.
    """
    if not dex.startswith(_MAGIC):
        raise ValueError("not a dex file: it does not start with 'dex\\n'")
    try:
        count, start = struct.unpack_from("<2I", dex, _CLASS_DEFS_AT)
        for at in range(start, start + count * _CLASS_DEF.size, _CLASS_DEF.size):
            fields = _CLASS_DEF.unpack_from(dex, at)
            if fields[_SOURCE] != NO_INDEX:
                yield _type(dex, fields[0])[1:-1], _string(dex, fields[_SOURCE])
    except (struct.error, IndexError) as error:
        raise ValueError(f"broken dex file: {error}") from error


def _type(dex: bytes, index: int) -> str:
    (types,) = struct.unpack_from("<I", dex, _TYPE_IDS_AT + 4)
    (name,) = struct.unpack_from("<I", dex, types + 4 * index)
    return _string(dex, name)


def _string(dex: bytes, index: int) -> str:
    (strings,) = struct.unpack_from("<I", dex, _STRING_IDS_AT + 4)
    (at,) = struct.unpack_from("<I", dex, strings + 4 * index)
    while dex[at] & 0x80:  # the length in UTF-16 units, as ULEB128
        at += 1
    end = dex.index(0, at + 1)
    return dex[at + 1 : end].decode("utf-8", "replace")
