"""What an app asks the system for: services, jobs, alarms, receivers, new intents.

The callbacks and their order are those of Android's documentation of `Service`, `JobService` and
`AlarmManager`; the probe app only says which of them it got.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.virtual.host import IntentSpec, ServiceState

from .conftest import MAIN, NEW_TASK_CLEAR_TASK, PACKAGE, Probe, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]

LIFE = f"{PACKAGE}/{PACKAGE}.LifeActivity"
COUNT = f"{PACKAGE}/{PACKAGE}.CountService"
NEW_TASK = 0x10000000


@pytest.fixture
def does(bound: Probe) -> Callable[[str], Callable[[], list[str]]]:
    """Has the probe do something; gives what it has said since."""

    def act(wish: str) -> Callable[[], list[str]]:
        seen = len(bound.logs())
        intent = IntentSpec(component=LIFE, flags=NEW_TASK_CLEAR_TASK, extras={"do": wish})
        assert bound.run(bound.process.start_activity(intent)).component == LIFE
        return lambda: bound.logs()[seen:]

    return act


Does = Callable[[str], Callable[[], list[str]]]


def test_a_started_service_lives_until_it_stops_itself(bound: Probe, does: Does) -> None:
    said = does("start")
    eventually(lambda: "service destroyed" in said())
    assert said() == [
        f"started ComponentInfo{{{COUNT}}}",
        "service created on main",
        "service start 1 hello",
        "service start 2 hello",
        "service destroyed",
    ]
    assert bound.run(bound.process.services()) == []


def test_a_bound_service_lives_while_somebody_is_bound(does: Does) -> None:
    said = does("bind")
    eventually(lambda: "service destroyed" in said())
    assert said() == [
        "service created on main",
        "service bound",
        "connected 42",
        "Service not registered",
        "service unbound",
        "service destroyed",
    ]


def test_services_of_others_are_not_there(does: Does) -> None:
    said = does("absent")
    eventually(lambda: said() == ["absent nullfalse"])


def test_services_from_outside(bound: Probe, does: Does) -> None:
    said = does("")
    intent = IntentSpec(component=COUNT, extras={"word": "übergeben"})
    assert bound.run(bound.process.start_service(intent)) == COUNT
    assert said() == ["service created on main", "service start 1 übergeben"]
    assert bound.run(bound.process.services()) == [ServiceState(COUNT, started=True)]
    assert bound.run(bound.process.stop_service(intent))
    assert said()[-1] == "service destroyed"
    assert not bound.run(bound.process.stop_service(intent))
    absent = IntentSpec(component=f"{PACKAGE}/.Absent")
    assert bound.run(bound.process.start_service(absent)) == ""


def test_a_job_that_fails_runs_again_after_its_back_off(does: Does) -> None:
    """Ten seconds, the least that `JobInfo` allows, whatever the app asks for."""
    said = does("job")
    eventually(lambda: "job run 2" in said() and said()[-1] == "job service destroyed")
    assert [line for line in said() if line != "job service destroyed"] == [
        "scheduled 1",
        "pending 1",
        "job 1 starts, hépatite",
        "job run 1",
        "job 1 starts, hépatite",
        "job run 2",
    ]


def test_a_queue_of_work_is_worked_off(does: Does) -> None:
    said = does("queue")
    eventually(lambda: "job service destroyed" in said())
    assert [line for line in said() if line.startswith("job work")] == [
        "job work one",
        "job work two",
    ]


def test_a_job_that_is_cancelled_is_told_to_stop(does: Does) -> None:
    said = does("cancel")
    eventually(lambda: "job 3 stopped" in said())


def test_alarms_ring_in_real_time(does: Does) -> None:
    said = does("alarm")
    eventually(lambda: len(said()) >= 2)
    assert "ping alarm" in said()
    (rtc,) = (line for line in said() if line.startswith("rtc after "))
    assert int(rtc.rpartition(" ")[2]) >= 290


def test_receivers_that_were_registered_at_run_time(bound: Probe, does: Does) -> None:
    said = does("")
    intent = IntentSpec(action="org.example.probe.RUNTIME", extras={"word": "Grüße"})
    bound.run(bound.process.broadcast(intent))
    eventually(lambda: said() == ["runtime receiver Grüße"])


def test_a_single_top_activity_on_top_is_handed_the_intent(bound: Probe, does: Does) -> None:
    said = does("")
    again = IntentSpec(component=LIFE, flags=NEW_TASK, extras={"do": ""})
    bound.run(bound.process.start_activity(again))
    eventually(lambda: said() == ["new intent"])
    bound.run(bound.process.start_activity(IntentSpec(component=MAIN, flags=NEW_TASK_CLEAR_TASK)))
