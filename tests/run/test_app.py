"""The app under test over several starts and items: whose agent says what."""

from __future__ import annotations

import pytest

from harness.errors import LabError
from harness.scenario.model import LaunchApp
from harness.traffic.exchange import Layer, Request, Stack
from tests.fakes.phone import Agent, Faults
from tests.run.stage import Stage, stage

SENT = Request("GET", "https://api.clinic.example/a")


def started(faults: Faults | None = None) -> Stage:
    made = stage(faults=faults)
    made.play.app.launch(LaunchApp())
    return made


def agent_of(made: Stage) -> Agent:
    assert made.phone.agent is not None
    return made.phone.agent


def send(made: Stage) -> None:
    made.phone._send("api.clinic.example", SENT, Stack())


def test_a_second_start_keeps_what_the_first_agent_saw_and_closes_it() -> None:
    made = started()
    first = agent_of(made)
    send(made)
    made.play.app.launch(LaunchApp())
    send(made)
    assert first.closed
    assert len(made.play.app.drain()) == 2
    assert len(made.play.app.coverage().processes) == 2


def test_the_next_item_gets_late_traffic_but_not_the_former_agents_coverage() -> None:
    made = started()
    send(made)
    made.play.app.drain()
    made.play.app.reset()
    send(made)  # late, while the next item begins
    made.phone.faults.hooks = "failed"
    made.play.app.launch(LaunchApp())
    assert len(made.play.app.drain()) == 1
    coverage = made.play.app.coverage()
    assert len(coverage.processes) == 1
    assert not any(state.proved for state in coverage.layers if state.fired == 0)


def test_an_item_that_goes_on_with_the_running_app_uses_its_agent() -> None:
    made = started()
    made.play.app.reset()
    send(made)
    made.play.app.drain()
    states = {state.layer: state.proved for state in made.play.app.coverage().layers}
    assert states[Layer.TLS]


def test_an_app_that_was_never_started_has_dead_layers() -> None:
    coverage = stage().play.app.coverage()
    assert coverage.layers
    assert not any(state.installed for state in coverage.layers)


def test_a_detached_agent_is_in_the_coverage() -> None:
    made = started(Faults(detached="process-terminated"))
    assert made.play.app.coverage().detached == "process-terminated"


def test_an_agent_that_does_not_hand_over_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    made = started()
    monkeypatch.setattr(agent_of(made), "flush", lambda timeout_s: False)
    made.play.app.drain()
    assert "did not hand over all it holds" in made.play.app.coverage().errors[0]


def test_a_crash_that_cannot_be_looked_up_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    made = started()

    def crash_of(package: str, since_s: float) -> str | None:
        raise LabError("no log")

    monkeypatch.setattr(made.phone, "crash_of", crash_of)
    assert made.play.app.crash_since(0) == ""
    assert "unknown whether the app crashed" in made.play.app.coverage().errors[0]
