"""What is known of one app, from the events of its process."""

from __future__ import annotations

from harness.virtual.device.running import RunningApp, watch
from harness.virtual.host import (
    ActivityState,
    Crash,
    DebuggerWait,
    Event,
    Exited,
    LogRecord,
)
from tests.virtual.fakes.app_process import FakeApp


def test_events_become_state() -> None:
    process = FakeApp()
    app = RunningApp("org.x", process)
    logged: list[LogRecord] = []
    heard: list[Event] = []
    watch(app, logged.append, lambda _, event: heard.append(event))
    process.log("T", "m")
    process.say(DebuggerWait("org.x"))
    process.say(ActivityState("org.x/A", "paused", None))
    process.say(ActivityState("org.x/B", "resumed", 3))
    assert app.at_gate.is_set()
    assert app.resumed == "org.x/B"
    process.say(ActivityState("org.x/B", "destroyed", None))
    assert (app.resumed, app.empty) == ("", False)
    process.say(Crash("main", "E", "trace"))
    process.say(Exited(1))
    assert app.crash is not None
    assert app.exited
    assert app.empty
    assert len(logged) == 1
    assert len(heard) == 6
