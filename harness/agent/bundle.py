"""The agent's JavaScript: compiled from hooks/ by Frida's own compiler, once per content.

Input: the folder of the TypeScript sources. Output: the bundle's text, from the cache if these very
sources were compiled before. An installed package brings the finished bundle along instead. Types
are not checked here (`npm run check` does, as part of the tests). Refuses sources that do not
compile (BugError with the compiler's words) and a folder without its packages (LabError).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import frida

from harness.errors import BugError, LabError

SOURCES = Path(__file__).resolve().parents[2] / "hooks"
PACKAGED = Path(__file__).with_name("agent.js")
_ENTRY = Path("src", "index.ts")
_INPUTS = ("package.json", "package-lock.json", "tsconfig.json")


def agent_source() -> str:
    """The bundle to hand to Frida. Raises BugError or LabError."""
    if (SOURCES / _ENTRY).is_file():
        return cached_bundle(SOURCES, cache_folder())
    try:
        return PACKAGED.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise LabError(
            "the agent's code is missing",
            where=str(PACKAGED),
            expected=f"the finished bundle there, or the sources in {SOURCES}",
            action="install the package again, or run from a checkout after make setup",
        ) from error


def agent_digest() -> str:
    """What tells one agent from another: sha256 of its sources, or of the finished bundle."""
    if (SOURCES / _ENTRY).is_file():
        return _digest(SOURCES)
    return hashlib.sha256(agent_source().encode()).hexdigest()


def cache_folder() -> Path:
    """`$LEAK_HARNESS_CACHE`, else `$XDG_CACHE_HOME/leak-harness`, else in `~/.cache`."""
    own = os.environ.get("LEAK_HARNESS_CACHE")
    if own:
        return Path(own).expanduser().absolute() / "agent"
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "leak-harness" / "agent"


def cached_bundle(sources: Path, folder: Path) -> str:
    """The bundle of `sources`, compiled at most once per content; safe for several processes."""
    path = folder / f"{_digest(sources)}.js"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    bundle = compile_bundle(sources)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=folder, suffix=".part", delete=False
    ) as made:
        made.write(bundle)
    Path(made.name).replace(path)
    return bundle


def compile_bundle(sources: Path) -> str:
    """Compile now. Raises BugError or LabError."""
    if not (sources / "node_modules" / "frida-java-bridge").is_dir():
        raise LabError(
            "the agent cannot be compiled: its packages are not installed",
            where=str(sources / "node_modules"),
            action="run make setup",
        )
    complaints: list[str] = []
    # The constructor has no type annotations.
    compiler = cast("Callable[[], frida.Compiler]", frida.Compiler)()
    compiler.on("diagnostics", lambda found: complaints.extend(map(_complaint, found)))
    try:
        return str(compiler.build(str(_ENTRY), project_root=str(sources), type_check="none"))
    except (frida.InvalidArgumentError, frida.InvalidOperationError) as error:
        raise BugError(
            "the agent does not compile",
            where=str(sources),
            seen="; ".join(complaints) or str(error),
            action="run `npm run check` in hooks/",
        ) from error


def _complaint(found: object) -> str:
    """One diagnostic of the compiler: file, line, text."""
    if not isinstance(found, dict):
        return str(found)
    file = found.get("file")
    place = ""
    if isinstance(file, dict):
        place = f"{file.get('path')}:{file.get('line')}: "
    return f"{place}{found.get('text')}"


def _digest(sources: Path) -> str:
    """Of all that the bundle is made from; the packages are named by the lock file."""
    digest = hashlib.sha256(f"frida {frida.__version__}\0".encode())
    for path in _inputs(sources):
        digest.update(f"{path.relative_to(sources)}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _inputs(sources: Path) -> Iterator[Path]:
    yield from (sources / name for name in _INPUTS if (sources / name).is_file())
    yield from sorted((sources / "src").rglob("*.ts"))
