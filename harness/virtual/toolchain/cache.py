"""The cache in the user's home: where it is, and how several processes write to it safely.

Everything in it is content-addressed and born under a temporary name, so a file that has its final
name is complete, whoever wrote it and however that process ended. Deleting the folder is always
safe: it is filled again. Refuses nothing; a folder that cannot be written is a `LabError`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import LabError


def cache_root() -> Path:
    """`$LEAK_HARNESS_CACHE`, else `$XDG_CACHE_HOME/leak-harness`, else `~/.cache/leak-harness`."""
    own = os.environ.get("LEAK_HARNESS_CACHE")
    if own:
        return Path(own).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "leak-harness"


def cache_folder(*parts: str) -> Path:
    """A folder below the cache root, made if it is missing."""
    folder = cache_root().joinpath(*parts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LabError(
            "the cache folder cannot be made",
            where=str(folder),
            seen=str(error),
            action="set LEAK_HARNESS_CACHE to a folder that this user can write",
        ) from error
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the cache's lock `name`; other processes wait. The kernel frees it if we die."""
    path = cache_folder("locks") / f"{name}.lock"
    with path.open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def scratch() -> Iterator[Path]:
    """A private folder on the cache's file system, removed at the end."""
    folder = Path(tempfile.mkdtemp(dir=cache_folder("tmp")))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(made: Path, target: Path) -> Path:
    """Give the finished file `made` (on the cache's file system) its final name `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made.replace(target)
    return target


def file_sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def key_of(parts: Iterable[str | bytes]) -> str:
    """Digest of a sequence of strings and bytes; no two sequences share one by concatenation."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()
