"""The folder a device works in: made, taken for it alone, and the environment of its daemon."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from harness.errors import LabError
from harness.virtual.daemon.states import TEMPORARY_PREFIX, running, state_dir

_PACKAGE_ROOT = str(Path(__file__).parents[3])


def work_folder(given: Path | None) -> Path:
    if given is None:
        return Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX))
    given.mkdir(parents=True, exist_ok=True)
    return given.resolve()


def lock_folder(folder: Path) -> int:
    """Take the folder for one device; the descriptor, whose copy in the daemon keeps it taken.

    Raises `LabError` when another device has it: two would spoil each other's packages.
    """
    descriptor = os.open(folder / "device.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        users = [state.serial for state in running(state_dir()) if state.work_dir == str(folder)]
        raise LabError(
            "another virtual device uses this folder",
            where=str(folder),
            seen=", ".join(users) or "one that is starting or ending, or another user's",
            action="stop it (`leak-harness virtual stop`), or give this one a folder of its own",
        ) from None
    return descriptor


def environment(folder: Path) -> dict[str, str]:
    """What is different in the daemon's environment."""
    return {
        # Its temporary files go with its folder, however it ends.
        "TMPDIR": str(_temporary(folder)),
        # Frida 17.26 lets a helper for iOS devices (idund) outlive it, unless that finds no place
        # for its socket.
        "XDG_RUNTIME_DIR": "/dev/null",
        # This package may lie where the daemon, which starts elsewhere, does not look.
        "PYTHONPATH": os.pathsep.join(filter(None, (_PACKAGE_ROOT, os.environ.get("PYTHONPATH")))),
    }


def _temporary(folder: Path) -> Path:
    path = folder / "tmp"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path
