"""Writing where somebody said to: is the folder fit for it, asked before long work; whole files.

Input: a path, what it was given by or is for. Output: nothing; folder or file is there afterwards.
Refuses what cannot be made or written, saying which option names another place.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from harness.errors import LabError, ScenarioError


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


@contextmanager
def whole_file(
    path: Path, place: Callable[[Path, Path], object] = os.replace
) -> Iterator[IO[bytes]]:
    """A file (0600) to be written, which gets its name when the block ends well, else is gone.

    `place` gives it its name. Raises `OSError`.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:64]}.", dir=path.parent)
    made = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        place(made, path)
    finally:
        made.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes, what: str, action: str) -> None:
    """Write a file whole or not at all, to the disk itself; its folder is made when it is missing.

    Raises:
        LabError: `what` cannot be written, why, and `action` as the remedy.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise LabError(
            f"{what} cannot be written",
            where=str(path),
            seen=error.strerror or str(error),
            action=action,
        ) from error
