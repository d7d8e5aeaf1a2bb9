"""Further processes of the app under test: found, given an agent, accounted for.

Input: a `World`, the package, the pid of its main process. Output: their agents, and a
`ProcessState` for each process that was ever seen. An agent can only be put into a process that
runs already: what it sent before is unseen, which matters unless that was before typing began. A
process that refuses the agent is a fact for the coverage and not an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.errors import LabError
from harness.findings.coverage import ProcessState
from harness.run.ports import SessionPort, World

LOOK_EVERY_S = 1.0
"""Time between two looks while the run waits for the app to fall quiet."""


@dataclass(slots=True)
class _Companion:
    """One process; `session` is None when the agent was refused, `why` says so."""

    name: str
    seen_s: float
    session: SessionPort | None = None
    why: str = ""


class Companions:
    """All processes of an app but its main one, over the life of that."""

    def __init__(self, world: World, package: str) -> None:
        self._world = world
        self._package = package
        self._known: dict[int, _Companion] = {}
        self._looked_at = float("-inf")
        self._unlisted = ""

    @property
    def sessions(self) -> Iterator[SessionPort]:
        """Agents that are in a process, or were until it ended."""
        return (each.session for each in self._known.values() if each.session is not None)

    def look(self, main: int, *, soon: bool = False) -> None:
        """Find processes that are new and put an agent into each. Never raises a lab error.

        `soon`: not if the last look was only just.
        """
        now = self._world.clock.now()
        if soon and now - self._looked_at < LOOK_EVERY_S:
            return
        self._looked_at = now
        try:
            found = self._world.device.processes_of(self._package)
        except LabError as error:
            self._unlisted = f"the device did not list the app's processes: {error.what}"
            return
        for pid, name in found:
            if pid != main and pid not in self._known:
                self._known[pid] = self._met(pid, name)

    def _met(self, pid: int, name: str) -> _Companion:
        companion = _Companion(name, self._world.clock.wall())
        try:
            companion.session = self._world.hands.attach(pid, name)
        except LabError as error:
            companion.why = f"the agent could not be put into it: {error.seen or error.what}"
        return companion

    def states(self, typed_s: float | None) -> tuple[ProcessState, ...]:
        """What is known of each process; `typed_s`: when typing began, None if it did not."""
        states = [_state(each, typed_s) for each in self._known.values()]
        if self._unlisted:
            states.append(ProcessState(self._package, False, self._unlisted))
        return tuple(states)

    def close(self) -> None:
        """Take the agents out; the processes are forgotten."""
        for session in self.sessions:
            session.close()
        self._known.clear()
        self._unlisted = ""


def _state(companion: _Companion, typed_s: float | None) -> ProcessState:
    if companion.session is None:
        return ProcessState(companion.name, False, companion.why)
    if typed_s is not None and companion.seen_s > typed_s:
        late = "it began after the typing, and what it sent before the agent came was not seen"
        return ProcessState(companion.name, False, late)
    return ProcessState(companion.name, True)
