"""The flush window: HOME, quiet, late chatter, crashes."""

from __future__ import annotations

import pytest

from harness.errors import LabError
from harness.run.events import AppCrashed, FlushFinished
from harness.run.window import LATE_CHATTER
from tests.fakes.phone import Faults, SdkFlush
from tests.run.stage import HEADER, stage


def flushed(events: list[object]) -> FlushFinished:
    (event,) = (each for each in events if isinstance(each, FlushFinished))
    return event


def test_a_quiet_app_is_waited_for_once() -> None:
    event = flushed(list(stage().run().events))
    assert event.quiet
    assert event.waited_s == pytest.approx(2.0, abs=0.2)


def test_chatter_after_the_flush_lengthens_the_wait() -> None:
    before = stage()

    def talk() -> None:
        assert before.phone.agent is not None
        before.phone.agent.last_s = before.clock.now()

    before.clock.at(1.5, talk)  # the steps take less than half a second
    event = flushed(list(before.run().events))
    assert event.quiet
    assert event.waited_s > 2.5


def test_an_app_that_never_falls_quiet_is_left_and_noted() -> None:
    before = stage()

    def talk() -> None:
        if before.phone.agent is not None:
            before.phone.agent.last_s = before.clock.now()
        before.clock.at(0.5, talk)

    before.clock.at(0.5, talk)
    after = before.run()
    event = flushed(list(after.events))
    assert not event.quiet
    assert event.waited_s == pytest.approx(LATE_CHATTER * 2.0, abs=0.2)
    assert any("never quiet" in note for note in after.play.notes)


def test_without_flush_the_app_stays_in_front() -> None:
    after = stage(header=HEADER.replace("settleMs: 2000", "settleMs: 10, flush: none")).run()
    assert "home" not in after.phone.log


def test_an_app_that_was_never_started_is_not_waited_for() -> None:
    after = stage("- back\n").run()
    assert not any(isinstance(event, FlushFinished) for event in after.events)


def test_a_crash_is_a_fact() -> None:
    after = stage(faults=Faults(crashing=True)).run()
    assert "FATAL EXCEPTION" in after.play.crash
    assert after.of(AppCrashed)


def test_a_device_that_fails_at_the_end_is_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stage()

    def home() -> None:
        raise LabError("the device is gone")

    monkeypatch.setattr(before.phone, "home", home)
    assert "could not be sent to the background" in before.run().play.failed[0]


@pytest.mark.parametrize(
    ("flushes", "note"),
    [
        ((SdkFlush("Tracker"),), "flush: sdk: Tracker's own flush was called"),
        ((SdkFlush("Tracker", 0, "NPE"),), "flush: sdk: Tracker's own flush failed: NPE"),
        ((SdkFlush("Tracker", 0),), "flush: sdk: no SDK that was seen at work can be told to send"),
        ((), "flush: sdk: no SDK that was seen at work can be told to send"),
    ],
)
def test_sdks_are_told_to_send_and_the_app_leaves_the_front(
    flushes: tuple[SdkFlush, ...], note: str
) -> None:
    header = HEADER.replace("settleMs: 2000", "settleMs: 10, flush: sdk")
    after = stage(header=header, faults=Faults(sdk_flushes=flushes)).run()
    assert note in after.play.notes
    assert "home" in after.phone.log
    assert after.phone.agent is not None
    assert after.phone.agent.sdk_flushes == 1


def test_sdks_are_left_alone_unless_the_scenario_says_so() -> None:
    after = stage(faults=Faults(sdk_flushes=(SdkFlush("Tracker"),))).run()
    assert after.phone.agent is not None
    assert after.phone.agent.sdk_flushes == 0
    assert not [note for note in after.play.notes if "own flush" in note]
