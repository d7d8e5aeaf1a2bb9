"""Resources and manifest by aapt2: XML sources to `resources.arsc`, binary XML and `R.java`.

Input: an app, its source sets and the AARs it embeds. Output: the linked base archive and the
generated Java sources. Refuses resources with errors, quoting aapt2.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import ScenarioError
from harness.virtual.toolchain import aapt2, aars, artifacts

from .app import App


@dataclass(frozen=True, slots=True)
class Linked:
    """`archive`: manifest, `resources.arsc` and `res/` in a zip; `java`: folder with the R's."""

    archive: Path
    java: Path


def link(app: App, source_sets: Sequence[Path], folder: Path) -> Linked:
    """Compile and link all resources, below `folder`."""
    libraries = [_unpacked(aar, folder) for aar in aars(*app.libraries)]
    own = [place / "res" for place in source_sets]
    compiled = [
        _compiled(res, folder / f"{number}.zip")
        for number, res in enumerate([*(place / "res" for place in libraries), *own])
        if res.is_dir()
    ]
    manifest = folder / "AndroidManifest.xml"
    text = (source_sets[0] / "AndroidManifest.xml").read_text(encoding="utf-8")
    manifest.write_text(text.replace("${applicationId}", app.package), encoding="utf-8")
    linked = Linked(folder / "base.zip", folder / "gen")
    packages = [_package_of(place) for place in libraries]
    arguments: list[str | Path] = ["link", "-o", linked.archive, "--java", linked.java]
    arguments += ["--manifest", manifest, "-I", *artifacts("android-api"), "--auto-add-overlay"]
    arguments += ["--min-sdk-version", str(app.min_sdk)]
    arguments += ["--target-sdk-version", str(app.target_sdk)]
    arguments += ["--version-code", str(app.version_code), "--version-name", app.version_name]
    arguments += ["--extra-packages", ":".join(packages)] if packages else []
    arguments += ["--debug-mode"] if app.debuggable else []
    for place in source_sets:
        arguments += ["-A", place / "assets"] if (place / "assets").is_dir() else []
    for overlay in compiled:
        arguments += ["-R", overlay]
    _run(arguments, app.package)
    return linked


def _unpacked(aar: Path, folder: Path) -> Path:
    target = folder / aar.stem
    with zipfile.ZipFile(aar) as archive:
        wanted = [n for n in archive.namelist() if n.startswith("res/") or n.endswith(".xml")]
        archive.extractall(target, wanted)
    return target


def _package_of(library: Path) -> str:
    text = (library / "AndroidManifest.xml").read_text(encoding="utf-8")
    found = re.search(r'\bpackage="([^"]+)"', text)
    if not found:
        raise ScenarioError("the manifest of an AAR names no package", where=library.name)
    return found.group(1)


def _compiled(res: Path, target: Path) -> Path:
    _run(["compile", "--dir", res, "-o", target], str(res))
    return target


def _run(arguments: Iterable[str | Path], what: str) -> None:
    done = subprocess.run(
        [str(aapt2()), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ScenarioError(
            f"aapt2 refuses the resources of {what}", seen=(done.stderr + done.stdout).strip()
        )
