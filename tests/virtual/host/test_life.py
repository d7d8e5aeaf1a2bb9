"""What an app asks the system for: services, jobs, alarms, receivers."""

from __future__ import annotations

import re

import pytest

from harness.virtual.host import IntentSpec, ServiceState

from .conftest import NEW_TASK_CLEAR_TASK, PACKAGE, Probe, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]

LIFE = f"{PACKAGE}/{PACKAGE}.LifeActivity"
COUNT = f"{PACKAGE}/{PACKAGE}.CountService"


def ask(probe: Probe, wish: str, *expected: str, flags: int = NEW_TASK_CLEAR_TASK) -> list[str]:
    """Let the app do something; its log from then on, once it holds what is expected."""
    seen = len(probe.logs())
    intent = IntentSpec(component=LIFE, flags=flags, extras={"do": wish})
    probe.run(probe.process.start_activity(intent))
    try:
        eventually(lambda: set(expected) <= set(probe.logs()[seen:]), timeout_s=20)
    except AssertionError:
        print([(e.tag, e.message) for e in probe.events if hasattr(e, "tag")][-20:])
        raise
    return probe.logs()[seen:]


def test_a_started_service_runs_until_it_stops_itself(probe: Probe) -> None:
    log = ask(probe, "start", "service destroyed")
    assert [line for line in log if line.startswith(("service", "started"))] == [
        f"started ComponentInfo{{{COUNT}}}",
        "service created on main",
        "service start 1 hello",
        "service start 2 hello",
        "service destroyed",
    ]
    assert probe.run(probe.process.services()) == []


def test_a_bound_service_lives_as_long_as_its_client(probe: Probe) -> None:
    log = ask(probe, "bind", "service destroyed")
    assert [line for line in log if "ervice" in line or "connected" in line] == [
        "service created on main",
        "service bound",
        "connected 42",
        "Service not registered",
        "service unbound",
        "service destroyed",
    ]


def test_services_of_others_are_not_found(probe: Probe) -> None:
    ask(probe, "absent", "absent nullfalse")


def test_services_from_outside(probe: Probe) -> None:
    intent = IntentSpec(component=COUNT, extras={"word": "shell"})
    assert probe.run(probe.process.start_service(intent)) == COUNT
    eventually(lambda: "service start 1 shell" in probe.logs())
    assert probe.run(probe.process.services()) == [ServiceState(COUNT, started=True)]
    assert probe.run(probe.process.stop_service(intent))
    eventually(lambda: probe.run(probe.process.services()) == [])
    assert not probe.run(probe.process.stop_service(intent))
    absent = IntentSpec(component=f"{PACKAGE}/.Nothing")
    assert probe.run(probe.process.start_service(absent)) == ""


def test_a_job_is_run_and_run_again_when_it_asks(probe: Probe) -> None:
    log = ask(probe, "job", "job run 2", "job service destroyed")
    jobs = [line for line in log if line.startswith(("job", "scheduled", "pending"))]
    assert jobs[:4] == ["scheduled 1", "pending 1", "job 1 starts, hépatite", "job run 1"]
    assert jobs.count("job 1 starts, hépatite") == 2


def test_a_job_that_works_off_a_queue(probe: Probe) -> None:
    log = ask(probe, "queue", "job work two", "job service destroyed")
    assert [line for line in log if line.startswith("job work")] == ["job work one", "job work two"]


def test_a_job_that_is_cancelled_while_it_runs(probe: Probe) -> None:
    ask(probe, "cancel", "job 3 stopped", "job service destroyed")


def test_alarms_ring_in_real_time(probe: Probe) -> None:
    seen = len(probe.logs())
    ask(probe, "alarm", "ping alarm")
    eventually(lambda: any("rtc after" in line for line in probe.logs()[seen:]), timeout_s=20)
    (rtc,) = (line for line in probe.logs()[seen:] if line.startswith("rtc after"))
    match = re.fullmatch(r"rtc after (\d+)", rtc)
    assert match is not None
    assert 300 <= int(match.group(1)) < 20_000


def test_a_receiver_registered_at_run_time(probe: Probe) -> None:
    ask(probe, "nothing")
    intent = IntentSpec(action=f"{PACKAGE}.RUNTIME", extras={"word": "now"})
    probe.run(probe.process.broadcast(intent))
    eventually(lambda: "runtime receiver now" in probe.logs())


def test_single_top_gets_a_new_intent(probe: Probe) -> None:
    ask(probe, "nothing")
    log = ask(probe, "absent", "new intent", flags=0x10000000)
    assert log[0] == "new intent"
