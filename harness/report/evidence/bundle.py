"""Writes an evidence bundle: parts into a zip file, with a manifest that chains them.

Input: parts by name, what is to be known of the run, a signer. Output: the file (0600), written
whole or not at all, and its digest. The same parts make the same bytes: no time of writing stands
in it. Refuses to replace a file, two parts of one name, and names that lead out of the bundle.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import LabError, ScenarioError
from harness.folders import whole_file
from harness.report.evidence.verify import (
    BUNDLE,
    CHUNK_BYTES,
    MANIFEST,
    OUTSIDE,
    SIGNATURE,
    START,
    link,
)

Signer = Callable[[bytes], bytes]
"""A manifest to its signature."""

ATTRIBUTES = 0o600 << 16
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip file can tell."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the bundle; `pieces` are taken once."""

    name: str
    pieces: Iterable[bytes]


def write_bundle(
    parts: Iterable[Part], about: Mapping[str, Any], path: Path, sign: Signer | None = None
) -> str:
    """Write the bundle; its digest.

    Raises:
        LabError: the file is there already, or cannot be written.
    """
    if path.exists():
        raise LabError(
            "the bundle is not written over another file",
            where=str(path),
            seen="it exists",
            action="name a file that is not there yet",
        )
    try:
        with whole_file(path, _publish) as file, zipfile.ZipFile(file, "w") as bundle:
            digest = _fill(bundle, parts, about, sign)
    except OSError as error:
        raise LabError(
            "the bundle cannot be written",
            where=str(path),
            seen=error.strerror or str(error),
            action="name a file that is not there yet, in a folder that can be written",
        ) from error
    return digest


def _publish(made: Path, path: Path) -> None:
    """Give it its name; a link replaces nothing that came meanwhile, a move may."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, as on a stick
        os.rename(made, path)


def _fill(
    bundle: zipfile.ZipFile,
    parts: Iterable[Part],
    about: Mapping[str, Any],
    sign: Signer | None,
) -> str:
    before = START
    rows: dict[str, dict[str, Any]] = {}
    for part in parts:
        _check_name(part.name, rows)
        size_bytes, sha256 = _add(bundle, part.name, part.pieces)
        before = link(before, part.name, size_bytes, sha256)
        row = {"name": part.name, "size_bytes": size_bytes, "sha256": sha256, "link": before}
        rows[part.name] = row
    manifest = {"leak_evidence": BUNDLE, "about": dict(about), "parts": list(rows.values())}
    data = json.dumps(manifest, ensure_ascii=True, indent=1).encode("ascii") + b"\n"
    _add(bundle, MANIFEST, (data,))
    if sign is not None:
        _add(bundle, SIGNATURE, (sign(data),))
    return before


def _check_name(name: str, known: Collection[str]) -> None:
    out = OUTSIDE.search(name) or not {"", ".", ".."}.isdisjoint(name.split("/"))
    if out or name in (MANIFEST, SIGNATURE) or name in known:
        raise ScenarioError("a part of the bundle cannot have this name", where=name)


def _add(bundle: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> tuple[int, str]:
    info = zipfile.ZipInfo(name, FIRST_DAY)
    info.external_attr = ATTRIBUTES
    info.compress_type = zipfile.ZIP_DEFLATED
    size_bytes, digest = 0, hashlib.sha256()
    with bundle.open(info, "w", force_zip64=True) as file:
        for piece in pieces:
            size_bytes += len(piece)
            digest.update(piece)
            file.write(piece)
    return size_bytes, digest.hexdigest()


def file_pieces(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while data := file.read(CHUNK_BYTES):
            yield data
