"""Starting, stopping and listing virtual devices from any process of this user.

Input: what the device is to be. Output: `VirtualDevice`, what adb and the harness need to reach it.
A start returns when `sys.boot_completed` is 1; a stop when the device's processes are gone. Both
have deadlines and raise `LabError` with the next action and the end of the device's log.
"""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.clock import SystemClock, wait_until
from harness.errors import BugError, HarnessError, LabError, ScenarioError
from harness.virtual.daemon.configuration import LIVE_INTERNET, Configuration, DeviceState
from harness.virtual.daemon.folders import environment, lock_folder, work_folder
from harness.virtual.daemon.processes import descendants, end, programs_under, started_ticks
from harness.virtual.daemon.states import running, state_dir

START_TIMEOUT_S = 240.0
"""A first start may have to fetch the framework; a start from a filled cache needs seconds."""

STOP_TIMEOUT_S = 20.0
_KILL_TIMEOUT_S = 5.0
_FAULTS: dict[str, type[HarnessError]] = {
    "scenario": ScenarioError,
    "lab": LabError,
    "bug": BugError,
}


@dataclass(frozen=True, slots=True)
class VirtualDevice:
    """A running device.

    Attributes:
        serial: `127.0.0.1:PORT`, for `adb connect` and `adb -s`.
        port: of its adbd.
        pid: of its daemon.
        internet_pid: of the process that keeps the witness record; gone means: record incomplete.
        record: the witness record (`harness.virtual.internet.record`).
        work_dir: its folder; `log` lies in it.
        owner_pid: the process that it belongs to and ends with, a test run; 0: nobody's.
        uncontained: why apps are not held below Java on this machine; empty when they are.
    """

    serial: str
    port: int
    pid: int
    internet_pid: int
    record: Path
    work_dir: Path
    log: Path
    owner_pid: int = 0
    uncontained: str = ""


def start_device(
    *,
    port: int | None = None,
    apks: Sequence[Path] = (),
    internet: Sequence[Path] | str = (),
    work_dir: Path | None = None,
    owner_pid: int | None = None,
    locale: str = "de-DE",
    spares: int = 1,
    timeout_s: float = START_TIMEOUT_S,
    progress: Callable[[str], None] = lambda text: None,
) -> VirtualDevice:
    """Start a device and wait until it has booted.

    Args:
        port: of its adbd; None: a free one.
        apks: installed before it counts as booted.
        internet: folders of answers, or `live`.
        work_dir: keeps packages, files and settings; None: a temporary folder.
        owner_pid: the device ends with this process; None: it runs until it is stopped.
        locale: BCP 47 tag.
        spares: warm processes that wait for an app.
        timeout_s: how long it may take.
        progress: told what is being done.

    Raises:
        LabError: port or folder in use, no Java 17, missing artifacts, no answer in time.
        ScenarioError: an answer file, the locale or an option is wrong.
    """
    _check(port, apks, locale)
    states = state_dir()
    folder = work_folder(work_dir)
    lock = lock_folder(folder)
    wanted = Configuration(
        port=port or 0,
        apks=tuple(str(apk.resolve()) for apk in apks),
        answers=() if internet == LIVE_INTERNET else _folders(internet),
        live=internet == LIVE_INTERNET,
        work_dir=str(folder),
        temporary=work_dir is None,
        state_dir=str(states),
        owner_pid=owner_pid or 0,
        locale=locale,
        spares=spares,
    )
    try:
        return _boot(wanted, folder, lock, timeout_s, progress)
    except BaseException:
        if work_dir is None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def stop_device(serial: str | None = None, *, owned: bool = False) -> list[str]:
    """Stop a device, or all of this user's that run by themselves; the serials of those stopped.

    Args:
        serial: the one to stop, whoever it belongs to.
        owned: without a serial: also those that belong to a running process, and are in use.

    Raises:
        LabError: there is no such device, or it does not end.
    """
    devices = running(state_dir())
    if serial is None:
        chosen = [state for state in devices if owned or not state.owner_pid]
    else:
        chosen = [state for state in devices if serial in (state.serial, str(state.port))]
    if serial is not None and not chosen:
        raise LabError(
            f"no virtual device {serial} is running",
            expected=", ".join(state.serial for state in devices) or "none is running",
            action="see `leak-harness virtual list`",
        )
    for state in chosen:
        _stop(state)
    return [state.serial for state in chosen]


def list_devices() -> list[VirtualDevice]:
    """This user's running devices."""
    return [_device(state) for state in running(state_dir())]


_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""Language, script and region of BCP 47, all that Android's settings offer."""


def _check(port: int | None, apks: Sequence[Path], locale: str) -> None:
    if port is not None and not 0 < port < 65536:
        raise LabError("not a port", seen=str(port), expected="a number from 1 to 65535")
    for apk in apks:
        if not apk.is_file():
            raise LabError("there is no such APK", where=str(apk))
    if not _LOCALE.fullmatch(locale):
        raise ScenarioError(
            "this is not a locale", seen=repr(locale), expected="language and region, as in de-DE"
        )


def _folders(internet: Sequence[Path] | str) -> tuple[str, ...]:
    given = [] if internet == "default" else [internet] if isinstance(internet, str) else internet
    return tuple(str(Path(folder).resolve()) for folder in given)


def _boot(
    wanted: Configuration,
    folder: Path,
    lock: int,
    timeout_s: float,
    progress: Callable[[str], None],
) -> VirtualDevice:
    log = folder / "device.log"
    with log.open("ab") as errors:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "harness.virtual.daemon", wanted.to_json()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            pass_fds=[lock],
            env={**os.environ, **environment(folder)},
        )
    assert daemon.stdout is not None
    with daemon, daemon.stdout as said:
        said_fd = said.fileno()
        os.set_blocking(said_fd, False)
        return _await_state(said_fd, timeout_s, progress, log)


def _await_state(
    descriptor: int, timeout_s: float, progress: Callable[[str], None], log: Path
) -> VirtualDevice:
    deadline = time.monotonic() + timeout_s
    pending = b""
    while True:
        remaining_s = deadline - time.monotonic()
        if remaining_s <= 0:
            raise LabError(
                f"the virtual device did not boot within {timeout_s:g} s",
                seen=_tail(log),
                action="start it again on a machine that is less busy, or see doctor",
            )
        select.select([descriptor], [], [], min(remaining_s, 1.0))
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            continue
        if not data:
            raise LabError("the virtual device ended while it booted", seen=_tail(log))
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            device = _heard(json.loads(line), progress, log)
            if device is not None:
                return device


def _heard(
    line: dict[str, Any], progress: Callable[[str], None], log: Path
) -> VirtualDevice | None:
    if "progress" in line:
        progress(line["progress"])
    if "error" in line:
        fields = dict(line["error"])
        kind = _FAULTS.get(fields.pop("fault"), LabError)
        if kind is BugError:
            fields["seen"] += "\n" + _tail(log)
        raise kind(fields.pop("what"), **fields)
    return _device(DeviceState(**line["state"])) if "state" in line else None


def _device(state: DeviceState) -> VirtualDevice:
    return VirtualDevice(
        serial=state.serial,
        port=state.port,
        pid=state.pid,
        internet_pid=state.internet_pid,
        record=Path(state.record),
        work_dir=Path(state.work_dir),
        log=Path(state.log),
        owner_pid=state.owner_pid,
        uncontained=state.uncontained,
    )


def _stop(state: DeviceState) -> None:
    """SIGTERM, and SIGKILL when that is not enough; returns when nothing of it runs."""
    clock = SystemClock()
    family = {
        state.pid: state.started_ticks,
        **descendants(state.pid),
        **programs_under(Path(state.work_dir)),
    }

    def gone() -> bool:
        return not any(started_ticks(pid) == ticks for pid, ticks in family.items() if ticks)

    for number, timeout_s in ((signal.SIGTERM, STOP_TIMEOUT_S), (signal.SIGKILL, _KILL_TIMEOUT_S)):
        for pid in family if number == signal.SIGKILL else [state.pid]:
            end(pid, family[pid], number)
        if wait_until(clock, gone, timeout_s):
            running(state_dir())  # tidies up what a killed device leaves
            return
    raise LabError("the virtual device does not end", where=f"pid {state.pid}")


def _tail(log: Path) -> str:
    text = log.read_text(errors="replace").strip() if log.exists() else ""
    return "\n".join(text.splitlines()[-15:]) or "nothing in its log"
