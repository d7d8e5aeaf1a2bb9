"""Pinned Maven artifacts as files: fetched once, checked, and from then on read from the cache.

Input: names of sets in the lock. Output: paths of jars in class path order; for an AAR that is
its `classes.jar`. Safe when several processes ask at once. The digest is checked when a file
enters the cache; afterwards its presence under its digest and its size are enough.
Refuses unknown set names (ScenarioError) and content that is not the pinned one (LabError).
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterable
from pathlib import Path

from harness.errors import LabError

from .cache import cache_folder, cache_root, file_sha256, locked, publish, scratch
from .lock import Pinned, load_lock
from .maven import Progress, Repository

_log = logging.getLogger(__name__)
_ANNOUNCE_BYTES = 20_000_000


def artifacts(*set_names: str, progress: Progress | None = None) -> tuple[Path, ...]:
    """Jars of the named sets, fetched if need be, in class path order.

    Where several sets name one project, the newest version is taken, as a build tool would.
    """
    return tuple(_jar_of(item, progress) for item in _merged(set_names))


def aars(*set_names: str) -> tuple[Path, ...]:
    """The whole AAR files of the named sets (their resources and manifests)."""
    items = _merged(set_names)
    return tuple(_cached(item, None) for item in items if item.coordinate.packaging == "aar")


def missing(set_names: Iterable[str]) -> tuple[Pinned, ...]:
    """What of the named sets is not in the cache yet."""
    return tuple(item for item in _merged(tuple(set_names)) if not _is_there(item, _home_of(item)))


def _merged(set_names: tuple[str, ...]) -> list[Pinned]:
    chosen: dict[str, Pinned] = {}
    for set_name in set_names:
        for item in load_lock().of(set_name):
            project = item.coordinate.project
            rival = chosen.get(project)
            if rival is None or item.coordinate.newer_than(rival.coordinate):
                chosen[project] = item
    return list(chosen.values())


def _home_of(item: Pinned) -> Path:
    return cache_root() / "artifacts" / item.sha256 / item.coordinate.filename


def _is_there(item: Pinned, path: Path) -> bool:
    return path.is_file() and path.stat().st_size == item.size_bytes


def _cached(item: Pinned, progress: Progress | None) -> Path:
    path = _home_of(item)
    if _is_there(item, path):
        return path
    with locked(f"artifact-{item.sha256}"):
        if not _is_there(item, path):
            _fetch(item, path, progress)
    return path


def _fetch(item: Pinned, path: Path, progress: Progress | None) -> None:
    local = _from_local_repository(item)
    if local is not None:
        with scratch() as folder:
            made = folder / path.name
            made.write_bytes(local.read_bytes())
            publish(made, path)
        return
    if item.size_bytes > _ANNOUNCE_BYTES:
        _log.warning("fetching %s, %d MB, once", item.coordinate, item.size_bytes // 1_000_000)
    # A folder that outlives us, so that an interrupted download goes on where it stopped.
    folder = cache_folder("partial", item.sha256)
    publish(Repository(folder).fetch_pinned(item, folder, progress), path)
    folder.rmdir()


def _from_local_repository(item: Pinned) -> Path | None:
    """The user's own Maven cache, if it holds the very same file."""
    c = item.coordinate
    path = Path.home() / ".m2" / "repository" / Path(*c.group.split("."))
    path = path / c.artifact / c.version / c.filename
    if _is_there(item, path) and file_sha256(path) == item.sha256:
        return path
    return None


def _jar_of(item: Pinned, progress: Progress | None) -> Path:
    path = _cached(item, progress)
    if item.coordinate.packaging != "aar":
        return path
    jar = cache_root() / "classes" / item.sha256 / f"{path.stem}.jar"
    if jar.is_file():
        return jar
    with scratch() as folder, zipfile.ZipFile(path) as aar:
        extra = [name for name in aar.namelist() if name.startswith("libs/")]
        if extra:
            raise LabError(f"{item.coordinate} bundles jars of its own", seen=", ".join(extra))
        made = folder / "classes.jar"
        made.write_bytes(aar.read("classes.jar"))
        return publish(made, jar)
