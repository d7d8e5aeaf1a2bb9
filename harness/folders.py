"""Is a folder that somebody named fit to be written to? Asked before long work, not after it.

Input: a path and the name it was given by. Output: nothing; the folder is there afterwards.
Refuses folders that cannot be made or written.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from harness.errors import ScenarioError


def usable_folder(folder: Path, given_as: str) -> None:
    """Make it if it is missing, and try to write a file.

    Raises:
        ScenarioError: it cannot be used, and why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ScenarioError(
            f"{given_as}: this folder cannot be written to",
            where=str(folder),
            seen=error.strerror or str(error),
            action=f"name another folder: {given_as} DIR",
        ) from error
