"""What judged a run: digests of the code and data that decide what is found and whose it is.

Input: this package's own files. Output: `About`. A stored run may be judged again without its
redacted parts only by an engine of the same digest (`baseline.replaying`).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from harness import __version__
from harness.baseline.model import About

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def engine_digest() -> str:
    """Over every file of the detection engine, names included."""
    return _digest(sorted((PACKAGE / "detection").rglob("*.py")))


@cache
def catalogue_digest() -> str:
    """Over the attribution code and its catalogue."""
    folder = PACKAGE / "attribution"
    return _digest(sorted((*folder.rglob("*.py"), *folder.rglob("*.yaml"))))


def about(origin: str, agent: str = "") -> About:
    """The versions of this process."""
    return About(__version__, agent, engine_digest(), catalogue_digest(), origin)


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
