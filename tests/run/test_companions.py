"""Further processes of the app: an agent in each, and each in the coverage."""

from __future__ import annotations

from harness.findings.coverage import Gap, ProcessState
from harness.run.companions import LOOK_EVERY_S
from harness.run.pages import ELSEWHERE
from harness.scenario.model import LaunchApp
from harness.traffic.exchange import Request, Stack
from tests.fakes.phone import PACKAGE, Faults
from tests.run.stage import Stage, stage

REMOTE = f"{PACKAGE}:remote"
MAIN = ProcessState(PACKAGE, True)


def started(*others: str, faults: Faults | None = None) -> Stage:
    made = stage(faults=faults)
    made.phone.others = [(5000 + at, name) for at, name in enumerate(others)]
    made.play.app.launch(LaunchApp())
    return made


def states(made: Stage) -> tuple[ProcessState, ...]:
    return made.play.app.coverage().processes


def test_a_process_that_is_there_at_the_start_gets_an_agent_whose_traffic_counts() -> None:
    made = started(REMOTE)
    (agent,) = made.phone.attached
    assert states(made) == (MAIN, ProcessState(REMOTE, True))
    agent.sent.append(
        made.phone._exchange("t.example", Request("GET", "https://t.example/"), Stack())
    )
    assert [each.host for each in made.play.app.drain()] == ["t.example"]
    made.play.app.leave()
    assert agent.closed
    assert states(made) == (MAIN, ProcessState(REMOTE, True))


def test_one_that_comes_before_typing_is_whole_one_that_comes_later_is_not() -> None:
    made = started()
    made.phone.others = [(5000, REMOTE)]
    made.play.app.typing_begins()
    made.clock.sleep(LOOK_EVERY_S)
    made.phone.others.append((5001, f"{PACKAGE}:late"))
    made.play.app.quiet_for_s()
    early, late = states(made)[1:]
    assert early == ProcessState(REMOTE, True)
    assert (late.name, late.instrumented) == (f"{PACKAGE}:late", False)
    assert "after the typing" in late.detail
    assert len(made.phone.attached) == 2
    made.play.app.leave()
    assert states(made) == (MAIN, early, late)
    made.play.app.reset()
    assert states(made) == ()


def test_a_process_that_refuses_the_agent_is_a_fact() -> None:
    made = started(f"{PACKAGE}:refusing")
    refused = states(made)[1]
    assert (refused.instrumented, refused.detail) == (
        False, "the agent could not be put into it: no ptrace",
    )  # fmt: skip


def test_a_web_view_of_another_process_is_not_excused_by_the_pages_of_the_main_one() -> None:
    made = started(REMOTE)
    (agent,) = made.phone.attached
    agent.native = ("libflutter.so",)
    assert made.play.app.coverage().unwatched == ()
    agent.native = ("libmonochrome_64.so",)
    told = (Gap("", f"{REMOTE}: {ELSEWHERE}"),)
    assert made.play.app.coverage().unwatched == told
    made.play.app.leave()
    assert made.play.app.coverage().unwatched == told


def test_processes_that_cannot_be_listed_are_not_taken_for_none() -> None:
    made = started(faults=Faults(unlisted=True))
    unknown = states(made)[1]
    assert not unknown.instrumented
    assert "did not list" in unknown.detail


def test_waiting_for_quiet_does_not_ask_the_device_without_end() -> None:
    made = started()
    made.phone.others = [(5000, REMOTE)]
    made.play.app.quiet_for_s()
    assert made.phone.attached == []
    made.clock.sleep(LOOK_EVERY_S)
    made.play.app.quiet_for_s()
    assert len(made.phone.attached) == 1


def test_the_app_is_quiet_when_all_its_processes_are() -> None:
    made = started(REMOTE)
    made.clock.sleep(5)
    made.phone.attached[0].last_s = made.clock.now() - 1
    assert made.play.app.quiet_for_s() == 1
