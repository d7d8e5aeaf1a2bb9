"""State files: which devices of this user run. Those of devices that are gone are tidied up.

They lie in `${XDG_RUNTIME_DIR:-/tmp}/leak-harness-<uid>/devices/`, readable by this user only.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from harness.errors import LabError
from harness.virtual.daemon.configuration import DeviceState
from harness.virtual.daemon.processes import end, programs_under, started_ticks

TEMPORARY_PREFIX = "leak-harness-device-"


def state_dir() -> Path:
    """The folder, made if it is missing. Raises `LabError` if it is somebody else's."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    path = base / f"leak-harness-{os.getuid()}" / "devices"
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        owners = {path.stat().st_uid, path.parent.stat().st_uid}
    except OSError as error:
        raise LabError(
            "no place for the state of virtual devices",
            where=str(path),
            seen=str(error),
            action="set XDG_RUNTIME_DIR to a folder of yours",
        ) from error
    if owners != {os.getuid()}:
        raise LabError("the runtime folder belongs to somebody else", where=str(path))
    return path


def state_file(folder: Path, port: int) -> Path:
    return folder / f"{port}.json"


def write_state(folder: Path, state: DeviceState) -> Path:
    """Publish a device at once and completely."""
    path = state_file(folder, state.port)
    partial = path.with_suffix(f".{state.pid}")
    partial.write_text(state.to_json(), encoding="utf-8")
    partial.chmod(0o600)
    partial.replace(path)
    return path


def running(folder: Path) -> list[DeviceState]:
    """The devices that run, by port."""
    found = []
    for path in folder.glob("*.json"):
        state = _read(path)
        if state is None:
            continue
        if started_ticks(state.pid) == state.started_ticks:
            found.append(state)
        else:
            _tidy(path, state)
    return sorted(found, key=lambda state: state.port)


def _read(path: Path) -> DeviceState | None:
    try:
        return DeviceState.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return None


def _tidy(path: Path, state: DeviceState) -> None:
    """What a daemon that was killed could not remove itself."""
    path.unlink(missing_ok=True)
    work_dir = Path(state.work_dir)
    for pid, ticks in programs_under(work_dir).items():
        end(pid, ticks)
    if state.temporary and work_dir.name.startswith(TEMPORARY_PREFIX):
        shutil.rmtree(work_dir, ignore_errors=True)
