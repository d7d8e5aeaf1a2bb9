"""Activities of one task: starts, results, BACK, HOME."""

from __future__ import annotations

import pytest

from harness.virtual.host import (
    ActivityState,
    CommandFailed,
    IntentSpec,
    LogRecord,
)

from .conftest import (
    MAIN,
    PACKAGE,
    SECOND,
    Probe,
    eventually,
)

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]

KEYCODE_HOME = 3


def test_extras_arrive_and_prints_are_log_lines(probe: Probe) -> None:
    assert "main extra übergeben" in probe.logs()
    printed = [e for e in probe.events if isinstance(e, LogRecord) and e.tag == "System.out"]
    assert printed[-1].message == "printed by the app"
    assert printed[-1].priority == 4  # Log.INFO, as Android's RuntimeInit redirects it
    assert printed[-1].pid == printed[-1].tid == probe.process.pid


def test_an_activity_for_a_result(probe: Probe) -> None:
    seen = len(probe.events)
    probe.tap("second")
    eventually(lambda: probe.run(probe.process.focus()).component == SECOND)
    probe.tap("finish")
    eventually(lambda: probe.run(probe.process.focus()).component == MAIN)
    assert probe.status() == "result 7 -1 from second"
    states = [e for e in probe.events[seen:] if isinstance(e, ActivityState)]
    entered = [e for e in states if e.display_ms is None]
    assert [e.component for e in states if e.display_ms is not None] == [SECOND]
    assert [(e.component.rpartition(".")[2], e.state) for e in entered] == [
        ("MainActivity", "paused"),
        ("SecondActivity", "created"),
        ("SecondActivity", "started"),
        ("SecondActivity", "resumed"),
        ("MainActivity", "stopped"),
        ("SecondActivity", "paused"),
        ("MainActivity", "started"),
        ("MainActivity", "resumed"),
        ("SecondActivity", "stopped"),
        ("SecondActivity", "destroyed"),
    ]


def test_back_leaves_the_second_activity(probe: Probe) -> None:
    result = probe.run(
        probe.process.start_activity(IntentSpec(component=f"{PACKAGE}/.SecondActivity"))
    )
    assert (result.component, result.launch_state) == (SECOND, "WARM")
    probe.run(probe.process.back())
    assert probe.run(probe.process.focus()).component == MAIN


def test_home_and_back_to_the_front(probe: Probe) -> None:
    before = probe.status()
    probe.run(probe.process.key_events([KEYCODE_HOME]))
    focus = probe.run(probe.process.focus())
    assert (focus.component, focus.window_title) == ("", "")
    assert probe.run(probe.process.windows()) == []
    with pytest.raises(CommandFailed) as caught:
        probe.dump()
    assert caught.value.kind == "no_window"
    eventually(lambda: "trim 20" in probe.logs())
    assert probe.process.alive
    result = probe.run(probe.process.start_activity(IntentSpec(component=MAIN)))
    assert result.brought_to_front
    assert result.launch_state == "HOT"
    assert probe.status() == before


def test_an_activity_that_does_not_exist(bound: Probe) -> None:
    with pytest.raises(CommandFailed) as caught:
        bound.run(bound.process.start_activity(IntentSpec(component=f"{PACKAGE}/.Nowhere")))
    assert caught.value.kind == "no_such_activity"
