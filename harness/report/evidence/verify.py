#!/usr/bin/env python3
"""Checks an evidence bundle of leak-harness; needs nothing but Python's standard library (3.8).

Input: a zip file. Output: whether it is whole, and the digest that stands for all of it; the first
part that is not as it was is named. Exit code of the script: 0 whole, 2 not, or no bundle.

`manifest.json` lists the parts in order, each with its size, its sha256, and a link: the sha256 of
the link before it, the part's name, size and sha256 (see `link`). The last link is the bundle's
digest. Whoever changes a part can make a new list as well, so compare the digest with the one that
was told when the bundle was written, or have the manifest's signature checked. Refuses parts that
the manifest does not list, parts that are there twice, and names that lead out of the bundle.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import stat
import struct
import sys
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import IO, Any

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
BUNDLE = 1
START = hashlib.sha256(b"leak-harness evidence 1").hexdigest()
"""What the first link hangs on."""

DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OverflowError,
    struct.error, LookupError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What Python's reader of zip files raises over one that is damaged."""

OUTSIDE = re.compile(r"[\\:\x00-\x1f\x7f]")
"""What no part's name holds: a folder, a drive or an end of the name to some program."""

CHUNK_BYTES = 1 << 20
MAX_MANIFEST_BYTES = 64 << 20


class Broken(Exception):
    """It is no bundle, or not whole any more; the text says where."""


@dataclass(frozen=True)
class Checked:
    """A bundle that is whole.

    Attributes:
        digest: the last link of its chain; stands for all of it.
        about: what the manifest says of the run.
        manifest: the manifest's bytes, which a signature is over.
        signature: the signature's bytes, empty when there is none. It is not checked here.
    """

    digest: str
    parts: int
    about: dict[str, Any]
    manifest: bytes
    signature: bytes


def link(before: str, name: str, size_bytes: int, sha256: str) -> str:
    """The link of one part to all before it."""
    text = json.dumps([before, name, size_bytes, sha256], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def check(path: str) -> Checked:
    """Check the whole bundle.

    Raises:
        Broken: with the first thing that is wrong.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            return _check(bundle)
    except OSError as error:
        raise Broken(f"it cannot be read: {error.strerror or error}") from error
    except DAMAGE as error:
        raise Broken(f"the zip file is damaged: {error}") from error


def _check(bundle: zipfile.ZipFile) -> Checked:
    names = _names(bundle)
    manifest = _small(bundle, MANIFEST)
    about, parts = _parts(manifest)
    listed = [name for name, _, _, _ in parts]
    strangers = sorted(names - set(listed) - {MANIFEST, SIGNATURE})
    before = START
    for number, (name, size_bytes, sha256, told) in enumerate(parts, 1):
        where = f"part {number} of {len(parts)}, {name}"
        if name not in names:
            raise Broken(f"{where}: it is missing")
        seen = _digest(bundle, name, size_bytes, where)
        if seen != sha256:
            raise Broken(f"{where}: its content was changed (sha256 {seen}, expected {sha256})")
        before = link(before, name, size_bytes, sha256)
        if before != told:
            raise Broken(f"{where}: the chain breaks here; the manifest was changed")
    if strangers:
        raise Broken(f"{strangers[0]}: the manifest does not list it")
    signature = _small(bundle, SIGNATURE) if SIGNATURE in names else b""
    return Checked(before, len(parts), about, manifest, signature)


def _names(bundle: zipfile.ZipFile) -> set[str]:
    """What is in it, once each, and nothing that unpacking could put elsewhere."""
    infos = bundle.infolist()
    known = Counter(info.filename for info in infos)
    if MANIFEST not in known:
        raise Broken(f"this is no evidence bundle: there is no {MANIFEST}")
    twice = sorted(name for name, count in known.items() if count > 1)
    if twice:
        raise Broken(f"{twice[0]}: it is there twice")
    for info in infos:
        name = info.orig_filename  # as it is in the file: Python's own is cut and, on Windows, bent
        if OUTSIDE.search(name) or not {"", ".", ".."}.isdisjoint(name.split("/")):
            raise Broken(f"{name}: the name leads out of the bundle")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Broken(f"{name}: it is a link, which leads out of the bundle")
    return set(known)


def _small(bundle: zipfile.ZipFile, name: str) -> bytes:
    with bundle.open(name) as file:
        data = file.read(MAX_MANIFEST_BYTES + 1)
    if len(data) > MAX_MANIFEST_BYTES:
        raise Broken(f"{name}: it is larger than any that leak-harness writes")
    return data


def _parts(manifest: bytes) -> tuple[dict[str, Any], list[tuple[str, int, str, str]]]:
    try:
        value = json.loads(manifest)
        if value["leak_evidence"] != BUNDLE:
            raise Broken(f"{MANIFEST}: version {value['leak_evidence']!r}, not {BUNDLE}")
        parts = [
            (str(each["name"]), int(each["size_bytes"]), str(each["sha256"]), str(each["link"]))
            for each in value["parts"]
        ]
        if len({name for name, _, _, _ in parts}) != len(parts):
            raise Broken(f"{MANIFEST}: it lists a part twice")
        return dict(value["about"]), parts
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        seen = f"{type(error).__name__}: {error}"
        raise Broken(f"{MANIFEST}: it cannot be read ({seen})") from error


def _digest(bundle: zipfile.ZipFile, name: str, size_bytes: int, where: str) -> str:
    digest, seen_bytes = hashlib.sha256(), 0
    try:
        with bundle.open(name) as file:
            seen_bytes = _feed(file, digest, size_bytes)
    except DAMAGE as error:
        raise Broken(f"{where}: its content is damaged ({error})") from error
    if seen_bytes != size_bytes:
        more = "more than" if seen_bytes > size_bytes else str(seen_bytes)
        raise Broken(f"{where}: its content was changed ({more} of {size_bytes} bytes)")
    return digest.hexdigest()


def _feed(file: IO[bytes], digest: Any, limit_bytes: int) -> int:
    """How many bytes there are; reading stops when there are more than there should be."""
    seen_bytes = 0
    while seen_bytes <= limit_bytes:
        data = file.read(CHUNK_BYTES)
        if not data:
            break
        seen_bytes += len(data)
        digest.update(data)
    return seen_bytes


def main(arguments: list[str]) -> int:
    """The script."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python3 verify.py BUNDLE.zip\n")
        return 2
    try:
        found = check(arguments[0])
    except Broken as error:
        sys.stderr.write(f"NOT WHOLE: {ascii_text(arguments[0])}: {ascii_text(str(error))}\n")
        return 2
    sys.stdout.write(f"whole: {found.parts} parts\ndigest: {found.digest}\n")
    if found.signature:
        sys.stdout.write(f"{SIGNATURE}: there is a signature; it was not checked here\n")
    return 0


def ascii_text(text: str) -> str:
    """Safe to print: names in a bundle may be anything."""
    return text.encode("ascii", "backslashreplace").decode("ascii").replace("\x1b", "\\x1b")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
