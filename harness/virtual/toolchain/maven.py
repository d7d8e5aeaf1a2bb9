"""Maven repositories: closures, licences and downloads, in pure Python; the only user of jgo.

The repositories are those of the jgo configuration of the user (`jgo.conf`, for mirrors), by
default the one the library knows. Downloads resume after an interruption (HTTP ranges), are tried
again on lost connections and 5xx answers, and count only when their sha256 is the pinned one.
jgo's own download function is not used for them: it keeps partial files and checks no digest
beforehand. Proxy and CA settings are the usual environment variables (requests reads them).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.maven import POM, Component, Dependency, MavenContext
from jgo.util import http

from harness.clock import Clock, SystemClock
from harness.errors import LabError

from .cache import file_sha256
from .coordinate import Coordinate
from .lock import Pinned

_log = logging.getLogger(__name__)
_ATTEMPTS = 5
_TIMEOUT_S = 60
_CHUNK_BYTES = 1 << 16

Progress = Callable[[str, int, int], None]
"""Called with a file name, the bytes had so far and the bytes expected."""


class Repository:
    """Access to the configured Maven repositories; POMs are kept in `pom_folder`."""

    def __init__(self, pom_folder: Path, clock: Clock | None = None) -> None:
        mirrors = GlobalSettings.load().repositories
        self._context = MavenContext(
            repo_cache=pom_folder, remote_repos=mirrors or None, timeout=_TIMEOUT_S
        )
        self._clock = clock or SystemClock()

    def closure(self, roots: Iterable[Coordinate], *, transitive: bool) -> Sequence[Coordinate]:
        """Roots and, if asked for, what they need at run time; roots first, then nearest first."""
        dependencies = [
            # Raw: a root is itself, not a bill of materials for the others.
            Dependency(self._component(root).artifact(packaging=self._packaging(root)), raw=True)
            for root in roots
        ]
        found = list(dependencies)
        if transitive:
            found += self._context.resolver.resolve(dependencies)[1]
        # A dependency names no packaging when the other side is an AAR: only its own POM tells.
        coordinates = (Coordinate(d.groupId, d.artifactId, d.version) for d in found)
        return [replace(c, packaging=self._packaging(c)) for c in dict.fromkeys(coordinates)]

    def license_of(self, coordinate: Coordinate) -> str:
        """Licence names as the POM or its nearest ancestor states them; empty if none does."""
        pom: POM | None = self._component(coordinate).pom()
        while pom is not None:
            names = [str(name).strip() for name in pom.values("licenses/license/name") if name]
            if names:
                return " / ".join(names)
            pom = self._context.pom_parent(pom)
        return ""

    def _component(self, coordinate: Coordinate) -> Component:
        return self._context.project(coordinate.group, coordinate.artifact).at_version(
            coordinate.version
        )

    def _packaging(self, coordinate: Coordinate) -> str:
        declared = self._component(coordinate).pom().value("packaging") or "jar"
        return "aar" if declared == "aar" else "jar"

    def _urls(self, coordinate: Coordinate) -> list[str]:
        artifact = self._component(coordinate).artifact(packaging=coordinate.packaging)
        folder = artifact.component.path_prefix.as_posix()
        return [
            f"{base.rstrip('/')}/{folder}/{artifact.filename}"
            for base in self._context.remote_repos.values()
        ]

    def fetch(self, coordinate: Coordinate, into: Path, progress: Progress | None = None) -> Path:
        """Download to `into/<file name>`; what is there already is continued, not repeated.

        Raises:
            LabError: no repository has it, or none could be reached in five attempts.
        """
        target = into / coordinate.filename
        trouble = ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._clock.sleep(min(2.0**attempt, 15.0))
            for url in self._urls(coordinate):
                try:
                    return _continue(url, target, progress)
                except requests.RequestException as error:
                    trouble = str(error)
                    _log.info("attempt %d for %s: %s", attempt + 1, coordinate, error)
            if trouble.startswith("404"):
                break
        raise LabError(
            f"the Maven artifact {coordinate} could not be downloaded",
            seen=trouble,
            action="check the network (HTTPS_PROXY, REQUESTS_CA_BUNDLE are honoured), run it again",
        )

    def fetch_pinned(self, item: Pinned, into: Path, progress: Progress | None = None) -> Path:
        """Like `fetch`, and the content is the pinned one.

        Raises:
            LabError: also when the sha256 differs; the file is deleted then.
        """
        made = self.fetch(item.coordinate, into, progress)
        seen = file_sha256(made)
        if seen != item.sha256:
            made.unlink()
            raise LabError(
                f"the download of {item.coordinate} is not the file that the lock names",
                seen=f"sha256 {seen}",
                expected=f"sha256 {item.sha256} ({item.size_bytes} bytes)",
                action="run it again; if it stays so, the mirror in use serves an altered file",
            )
        return made


def _continue(url: str, target: Path, progress: Progress | None) -> Path:
    had = target.stat().st_size if target.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={had}-"} if had else {})
    with http.get(url, stream=True, timeout=_TIMEOUT_S, headers=headers) as response:
        if response.status_code == 416:  # nothing left to send: complete, or not ours; digest tells
            return target
        response.raise_for_status()
        if response.status_code != 206:
            had = 0
        rest = response.headers.get("Content-Length", "")
        total = had + int(rest) if rest.isdigit() else 0
        with target.open("ab" if had else "wb") as out:
            for chunk in response.iter_content(_CHUNK_BYTES):
                out.write(chunk)
                had += len(chunk)
                if progress:
                    progress(target.name, had, total)
    if total and had != total:
        raise requests.ConnectionError(f"{had} of {total} bytes arrived")
    return target
