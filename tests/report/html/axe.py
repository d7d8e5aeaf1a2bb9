"""axe-core, Deque's checker of accessibility (MPL-2.0), out of its npm package.

Fetched with npm when a test first needs it (0.6 MB), pinned by sha256, kept in the cache of the
toolchain; used by tests only and no part of what is installed.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

from harness.virtual.toolchain.cache import cache_root, locked, publish, scratch
from harness.virtual.toolchain.runtimes import npm

PACKAGE = "axe-core@4.14.1"
SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
LIMIT_S = 600


def axe() -> str:
    """Its script."""
    home = cache_root() / "axe-core"
    kept = home / f"{SHA256}.js"
    if not kept.is_file():
        with locked("axe-core"), scratch() as folder:
            if not kept.is_file():
                home.mkdir(parents=True, exist_ok=True)
                publish(_fetched(folder), kept)
    return kept.read_text("utf-8")


def _fetched(folder: Path) -> Path:
    command = [*npm(), "pack", PACKAGE, "--silent", "--ignore-scripts"]
    subprocess.run(
        [*command, "--pack-destination", str(folder)], check=True, timeout=LIMIT_S, cwd=folder
    )
    (package,) = folder.glob("*.tgz")
    assert hashlib.sha256(package.read_bytes()).hexdigest() == SHA256
    with tarfile.open(package) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script is not None
        made = folder / "axe.js"
        made.write_bytes(script.read())
    return made
