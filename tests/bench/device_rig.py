"""A virtual device to measure: held behind a private adb server, with the sample app on it.

Input: nothing or an APK. Output: `Rig`, and the conditions under which figures are taken: a warm
process waits, or none does. Refused: measuring under another condition than the one named; waits
have deadlines and fail.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from harness.agent.devices import open_endpoint
from harness.cli.demo import CLINIC, SCENARIOS
from harness.clock import SystemClock, wait_until
from harness.device.device import Device
from harness.device.providers import DeviceRequest, ProvidedDevice, open_device
from harness.device.screen import Screen
from harness.device.selectors import Selector
from harness.virtual.apk import build_app
from harness.virtual.daemon import list_devices
from harness.virtual.daemon.processes import descendants

PACKAGE = "org.example.clinic"
ACTIVITY = f"{PACKAGE}/.SearchActivity"
WARM_TIMEOUT_S = 120.0
END_TIMEOUT_S = 5.0


class Rig:
    """A running device with the sample app."""

    def __init__(self, provided: ProvidedDevice, apk: Path) -> None:
        self.provided = provided
        self.device: Device = provided.device
        self.clock = SystemClock()
        self.screen = Screen(self.device, self.clock)
        self.apk = apk
        machine = next(d for d in list_devices() if d.serial == provided.serial)
        self.daemon_pid = machine.pid
        self._processes = machine.work_dir / "processes"

    def virtual_machines(self) -> list[int]:
        """Host pids of the device's Java processes: apps and warm ones."""
        return [pid for pid in descendants(self.daemon_pid) if _name(pid) == "java"]

    def wait_for_spare(self) -> None:
        """Until a warm process waits: Frida's list holds it from then on."""
        endpoint = open_endpoint(self.device.serial, self.provided.adb_port, 20)

        def waiting() -> bool:
            listed = {process.pid for process in endpoint.device.enumerate_processes()}
            return bool(listed & self._spares())

        with closing(endpoint):
            if not wait_until(self.clock, waiting, WARM_TIMEOUT_S, 0.2):
                raise TimeoutError(f"no warm process within {WARM_TIMEOUT_S:g} s")

    def empty_pool(self) -> None:
        """Stop the app and end the warm process; the next start then has to boot one."""
        self.device.force_stop(PACKAGE)
        self.wait_for_spare()
        for pid in self.virtual_machines():
            os.kill(pid, signal.SIGKILL)

        def noticed() -> bool:
            """The device removes a process' folder last; then it knows of the end."""
            return not self.virtual_machines() and not list(self._processes.iterdir())

        if not wait_until(self.clock, noticed, END_TIMEOUT_S, 0.01):
            raise TimeoutError("the warm process does not end, or another one was started")
        self.device.shell(["true"])  # one turn more of the device's loop

    def _spares(self) -> set[int]:
        """Processes without an app. The device's pids are the host's."""
        return set(self.virtual_machines()) - {self.device.pid_of(PACKAGE)}

    def start(self) -> None:
        """`am start -W` of the sample app: returns after its first frame."""
        done = self.device.shell(["am", "start", "-W", "-n", ACTIVITY], 60)
        if "Status: ok" not in done.stdout:
            raise RuntimeError(f"am start: {done.stdout} {done.stderr}")

    def fresh_start(self) -> None:
        """The app newly started from a warm process, its consent dialog answered."""
        self.device.force_stop(PACKAGE)
        self.wait_for_spare()
        self.device.clear(PACKAGE)
        self.start()
        self.screen.tap_on(Selector(text="Ablehnen"), 10)
        self.screen.wait_visible(Selector(id="search_field"), 10)


@contextmanager
def clinic_device() -> Iterator[Rig]:
    """A device with the sample app (leaky, answers as in the scenarios) installed."""
    apk = build_app(CLINIC, "leaky")
    with tempfile.TemporaryDirectory(prefix="leak-bench-") as output:
        request = DeviceRequest(
            "virtual",
            scenario_internet=(SCENARIOS / "clinic" / "internet",),
            output_dir=Path(output),
        )
        with closing(open_device(request, SystemClock())) as provided:
            provided.device.install(apk)
            yield Rig(provided, apk)


def timed(action: Callable[[], object]) -> float:
    """Seconds that `action` took."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def repeated(
    times: int, action: Callable[[], object], before: Callable[[], object] = lambda: None
) -> tuple[float, ...]:
    """Seconds of each run of `action`; `before` each, not measured."""
    taken = []
    for _ in range(times):
        before()
        taken.append(timed(action))
    return tuple(taken)


def milliseconds(seconds: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(1000 * each for each in seconds)


def _name(pid: int) -> str:
    try:
        return Path(os.sep, "proc", str(pid), "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""  # it ended meanwhile
