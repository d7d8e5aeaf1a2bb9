"""One app that runs: its process, what is known of its activities, how it ended.

Filled from the events of the process; the manager of all apps reads it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.virtual.device.ports import AppHandle
from harness.virtual.host import ActivityState, Crash, DebuggerWait, Event, Exited, LogRecord

_GONE = frozenset({"destroyed"})


@dataclass(slots=True)
class RunningApp:
    """The process of one package.

    Attributes:
        activities: component -> last state, in order of first appearance.
        at_gate: set while the process waits for a debugger.
        bound: done when `Application.onCreate` has returned (or failed).
        crash: the uncaught exception that ended it.
    """

    package: str
    process: AppHandle
    activities: dict[str, str] = field(default_factory=dict)
    at_gate: asyncio.Event = field(default_factory=asyncio.Event)
    bound: asyncio.Task[None] | None = None
    crash: Crash | None = None
    exited: bool = False

    @property
    def resumed(self) -> str:
        """The component on top, empty if none is resumed."""
        return next((name for name, state in self.activities.items() if state == "resumed"), "")

    @property
    def empty(self) -> bool:
        """All activities that there ever were are gone."""
        return not self.activities


def watch(
    app: RunningApp, log: Callable[[LogRecord], None], changed: Callable[[RunningApp, Event], None]
) -> None:
    """Keep `app` up to date from its process' events; `changed` hears of all but log records."""

    def on_event(event: Event) -> None:
        match event:
            case LogRecord():
                log(event)
                return
            case ActivityState(component, state):
                app.activities.pop(component, None)
                if state not in _GONE:
                    app.activities[component] = state
            case DebuggerWait():
                app.at_gate.set()
            case Crash():
                app.crash = event
            case Exited():
                app.exited = True
                app.activities.clear()
        changed(app, event)

    app.process.subscribe(on_event)
