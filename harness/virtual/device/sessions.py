"""Install sessions: the files that were written for one installation, until it is done or given up.

Input: file contents under names that a client chose. Output: staged files, which go with their
session. A name that comes twice means the same file, as in `PackageInstallerSession`. Refuses names
that are no file names (`android.os.FileUtils.isValidExtFilename`).
"""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from harness.virtual.device.installer import Addition, InstallFlags

_FIRST_NUMBER = 1_000_000_001


@dataclass(slots=True)
class InstallSession:
    """One session.

    Attributes:
        number: as `pm install-create` prints it.
        folder: where its files lie on the host.
        flags, adds_to: how to install, and what it adds to.
    """

    number: int
    folder: Path
    flags: InstallFlags
    adds_to: Addition | None
    _files: dict[str, Path] = field(default_factory=dict)

    def file(self, name: str) -> Path:
        """Where the content of the file `name` is to be written.

        Raises:
            ValueError: not a file name.
            OSError: no room.
        """
        if not name or name in (".", "..") or "/" in name or "\0" in name:
            raise ValueError(f"not a file name: {name!r}")
        self.folder.mkdir(parents=True, exist_ok=True)
        # Our own names: what a client may call its file can be longer than a file system allows.
        return self._files.setdefault(name, self.folder / f"{len(self._files)}.apk")

    def use(self, name: str, path: Path) -> None:
        """Take a file that lies somewhere else as the file `name`."""
        self._files[name] = path

    def staged(self) -> list[tuple[str, Path]]:
        """The device path that failures mention, and the file, for each."""
        place = f"/data/app/vmdl{self.number}.tmp"
        return [(f"{place}/{name}", path) for name, path in self._files.items()]


class InstallSessions:
    """The open sessions of one device; their files lie below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(_FIRST_NUMBER)
        self._open: dict[int, InstallSession] = {}

    def create(self, flags: InstallFlags, adds_to: Addition | None = None) -> InstallSession:
        number = next(self._numbers)
        session = InstallSession(number, self._folder / str(number), flags, adds_to)
        self._open[number] = session
        return session

    def get(self, number: str) -> InstallSession | None:
        """By the word that a client gave."""
        return self._open.get(int(number)) if number.isdecimal() else None

    def end(self, session: InstallSession) -> None:
        """Forget it and remove its files."""
        self._open.pop(session.number, None)
        shutil.rmtree(session.folder, ignore_errors=True)
