"""Zip archives that are the same bytes for the same contents: fixed order, times and attributes.

Input: named bytes. Output: a zip, jar or APK file. Stored entries can be aligned the way
`zipalign` does it (padding in the extra field), which Android wants for `resources.arsc`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# The first moment that a zip can express; what Gradle and Bazel write, too.
EPOCH = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER_BYTES = 30
# zipalign's own extra field (0xD935) says what it is; older zipalign pads with zeros.
_ALIGN_FIELD_ID = 0xD935


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive; `stored` means without compression (and aligned)."""

    name: str
    content: bytes
    stored: bool = False


def write_zip(target: Path, entries: Iterable[Entry], *, alignment: int = 1) -> Path:
    """Write `entries` in the given order; stored ones start at a multiple of `alignment` bytes."""
    with target.open("wb") as handle, zipfile.ZipFile(handle, "w") as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, EPOCH)
            info.create_system = 0
            info.external_attr = 0
            info.compress_type = zipfile.ZIP_STORED if entry.stored else zipfile.ZIP_DEFLATED
            if entry.stored and alignment > 1:
                start = handle.tell() + _LOCAL_HEADER_BYTES + len(entry.name.encode())
                info.extra = _padding(start, alignment)
            archive.writestr(info, entry.content, compresslevel=9)
    return target


def _padding(start: int, alignment: int) -> bytes:
    """The extra field (id, size, alignment, zeros) after which data starts aligned."""
    if start % alignment == 0:
        return b""
    shortest = 6
    zeros = -(start + shortest) % alignment
    return (
        _ALIGN_FIELD_ID.to_bytes(2, "little")
        + (2 + zeros).to_bytes(2, "little")
        + alignment.to_bytes(2, "little")
        + bytes(zeros)
    )


def zip_folder(folder: Path, target: Path) -> Path:
    """All files below `folder`, in the order of their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return write_zip(
        target, (Entry(f.relative_to(folder).as_posix(), f.read_bytes()) for f in files)
    )
