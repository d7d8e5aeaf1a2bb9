"""Starting an app with the agent in it, as early as the device allows.

Input: a device, a package, the agent's ways in (`Agents`). Output: `Launched` with the session and
how it came about. Strategies in order, each with its reason when it is passed over: `spawn` (Frida
holds the process before its first line), `debugger-gate` (Android's own wait-for-debugger gate),
`attach-late` (whatever ran before the agent was there has not been seen). Before that, in Maestro's
order: clear the data, set permissions, stop. An app that crashes or never shows itself is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from harness.clock import Clock, wait_until
from harness.device import gate
from harness.device.device import Device
from harness.device.facts import Foreground
from harness.device.permissions import set_permissions
from harness.errors import LabError

SPAWN, GATE, LATE = "spawn", "debugger-gate", "attach-late"

SHOW_TIMEOUT_S = 30.0
"""How long an app may take to its first window, agent work included."""

ATTACH_TIMEOUT_S = 30.0
POLL_S = 0.1


class Resumable(Protocol):
    """What a launch does with a session; see `harness.agent.session.AgentSession`."""

    def resume(self) -> None: ...
    def close(self) -> None: ...


S = TypeVar("S", bound=Resumable)
S_co = TypeVar("S_co", bound=Resumable, covariant=True)


class Agents(Protocol[S_co]):
    """The agent's two ways into a process; the class `AgentSession` itself is one."""

    def attach(
        self,
        serial: str,
        pid: int,
        *,
        process: str,
        adb_port: int,
        clock: Clock,
        timeout_s: float = ...,
    ) -> S_co: ...

    def spawn(self, serial: str, package: str, *, adb_port: int, clock: Clock) -> S_co: ...


class AgentRefused(LabError):
    """The agent could not be put into a running process; starting it otherwise will not help."""


@dataclass(frozen=True, slots=True)
class Launched(Generic[S]):
    """A running app with the agent in it.

    Attributes:
        strategy: `spawn`, `debugger-gate` or `attach-late`; the last lowers the coverage.
        details: what was granted, and why earlier strategies were passed over.
    """

    session: S
    strategy: str
    pid: int
    details: tuple[str, ...]


def launch(
    device: Device,
    package: str,
    *,
    agents: Agents[S],
    clock: Clock,
    clear_state: bool = False,
    stop_app: bool = True,
    permissions: Iterable[tuple[str, str]] = (("all", "allow"),),
) -> Launched[S]:
    """Bring the app up under instrumentation.

    Raises:
        LabError: not installed, no strategy worked, the app crashed or did not show itself.
    """
    app = device.app_info(package)
    if clear_state:
        device.clear(package)
    details = [str(set_permissions(device, package, permissions, app.requested))]
    started = _Start(device, package, agents, clock, device.clock_s())
    if not stop_app and device.pid_of(package) is not None:
        return started.by(LATE, started.late, details)
    device.force_stop(package)
    return _first_that_works(started, details)


def _first_that_works(start: _Start[S], details: list[str]) -> Launched[S]:
    faults: list[LabError] = []
    for strategy, way in ((SPAWN, start.spawn), (GATE, start.gate), (LATE, start.late)):
        try:
            return start.by(strategy, way, details)
        except LabError as fault:
            start.raise_if_crashed(fault)
            faults.append(fault)
            details.append(f"{strategy}: {fault.what} ({fault.seen or 'no details'})")
            start.device.force_stop(start.package)
            if strategy != SPAWN and isinstance(fault, AgentRefused):
                break
    last = faults[-1]
    raise LabError(
        f"cannot start {start.package} with the agent in it",
        where=start.device.serial,
        seen="; ".join(details[1:]),
        action=last.action or "`leak-harness doctor --device SERIAL`",
    ) from last


class _Start(Generic[S]):
    """One launch: the strategies and what they share."""

    def __init__(
        self, device: Device, package: str, agents: Agents[S], clock: Clock, since_s: float
    ) -> None:
        self.device = device
        self.package = package
        self._agents = agents
        self._clock = clock
        self._since_s = since_s

    def by(
        self, strategy: str, way: Callable[[], tuple[S, int]], details: list[str]
    ) -> Launched[S]:
        session, pid = way()
        return Launched(session, strategy, pid, tuple(details))

    def spawn(self) -> tuple[S, int]:
        session = self._agents.spawn(
            self.device.serial,
            self.package,
            adb_port=self.device.adb.server.port,
            clock=self._clock,
        )
        with _closing_on_failure(session):
            session.resume()
            self._wait_for_window()
            pid = self.device.pid_of(self.package)
            if pid is None:
                raise LabError(f"{self.package} ended at its start", where=self.device.serial)
        return session, pid

    def gate(self) -> tuple[S, int]:
        pid = gate.start_activity(self.device, self.package, self._clock, debug=True)
        session = self._attach(pid)
        with _closing_on_failure(session), gate.debugger(self.device, pid):
            self._wait_for_window()
        return session, pid

    def late(self) -> tuple[S, int]:
        pid = gate.start_activity(self.device, self.package, self._clock, debug=False)
        session = self._attach(pid)
        with _closing_on_failure(session):
            self._wait_for_window()
        return session, pid

    def _attach(self, pid: int) -> S:
        try:
            return self._agents.attach(
                self.device.serial,
                pid,
                process=self.package,
                adb_port=self.device.adb.server.port,
                clock=self._clock,
                timeout_s=ATTACH_TIMEOUT_S,
            )
        except LabError as error:
            raise AgentRefused(
                error.what, where=error.where, seen=error.seen, action=error.action
            ) from error

    def _wait_for_window(self) -> None:
        """Until the app, or a permission dialog over it, has focus; not if its process ends."""
        front = Foreground("", "")

        def decided() -> bool:
            nonlocal front
            front = self.device.foreground()
            shown = front.package == self.package and bool(front.activity)
            asked = front.package.endswith(".permissioncontroller")
            return shown or asked or self.device.pid_of(self.package) is None

        in_time = wait_until(self._clock, decided, SHOW_TIMEOUT_S, POLL_S)
        if self.device.pid_of(self.package) is None:
            raise LabError(f"{self.package} ended at its start", where=self.device.serial)
        if not in_time:
            raise LabError(
                f"{self.package} showed no window within {SHOW_TIMEOUT_S:g} s",
                where=self.device.serial,
                seen=f"in front: {front.package or 'nothing'} {front.activity}",
                action="unlock the device; close dialogs; look at `adb logcat`",
            )

    def raise_if_crashed(self, cause: LabError) -> None:
        """A crash is not cured by another way of attaching; say it plainly."""
        crash = self.device.crash_of(self.package, self._since_s)
        if crash is not None:
            raise LabError(
                f"{self.package} crashed at its start",
                where=self.device.serial,
                seen=" | ".join(crash.splitlines()[:6]),
                action="start it by hand; if it only crashes here, report the crash",
            ) from cause


@contextmanager
def _closing_on_failure(session: Resumable) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.close()
        raise
