"""Playing steps: order, failure, optional steps, steps that hold steps."""

from __future__ import annotations

import pytest

from harness.errors import LabError
from harness.run.events import ItemFinished, StepFinished, StepOutcome, StepStarted
from tests.fakes.phone import Faults
from tests.run.stage import HEADER, SEARCH, launched, stage


def outcomes(events: list[object]) -> list[tuple[str, str]]:
    return [(each.kind, each.outcome.value) for each in events if isinstance(each, StepFinished)]


def test_a_whole_search() -> None:
    after = stage().run()
    assert after.play.failed == []
    assert after.play.typing_confirmed
    assert [each.request.url for each in after.play.app.drain()] == [
        "https://api.clinic.example/v1/search?q=h%C3%A9patite"
    ]
    assert after.play.answers == ["accept"]
    assert after.phone.log[-1] == "home"


def test_every_started_step_is_finished() -> None:
    after = stage(SEARCH + "- tapOn: {id: nowhere}\n- back\n").run()
    assert len(after.of(StepStarted)) == len(after.of(StepFinished)) == 8
    assert isinstance(after.events[-1], ItemFinished)


def test_a_failed_step_ends_the_steps_and_is_told_with_place_and_near_misses() -> None:
    after = launched("- tapOn: {id: serch_field}\n- inputTerm\n").play
    (sentence,) = after.failed
    assert sentence.startswith("a.flow.yaml:9:3: `tapOn`: not on the screen")
    assert "search_field" in sentence
    assert after.typed_s is None


def test_an_optional_step_only_warns() -> None:
    after = launched("- tapOn: {id: banner, optional: true}\n- inputTerm\n")
    assert after.play.failed == []
    assert len(after.play.warned) == 1
    assert ("tapOn", "warned") in outcomes(list(after.events))


def test_a_condition_that_does_not_hold_skips() -> None:
    after = launched("- runFlow: {when: {visible: Angebot}, commands: [{tapOn: Weg}]}\n- inputTerm")
    assert after.play.failed == []
    assert ("runFlow", "skipped") in outcomes(list(after.events))


def test_other_platforms_are_skipped_at_once() -> None:
    after = launched("- runFlow: {when: {platform: iOS}, commands: [back]}\n- inputTerm\n")
    assert "back" not in after.phone.log


def test_variables_of_a_flow_end_with_it() -> None:
    steps = "- runFlow: {env: {A: x}, commands: [{inputText: '${A}'}]}\n- inputTerm\n"
    after = launched(steps, header=HEADER + "env: {A: y}\n")
    assert after.phone.app.text == "xhépatite"
    assert after.play.scope.expand("${A}") == "y"


def test_repeat_counts_and_stops() -> None:
    after = launched("- repeat: {times: 3, commands: [{inputText: a}]}\n- inputTerm\n")
    assert after.phone.app.text == "aaahépatite"


def test_repeat_while_looks_before_each_round() -> None:
    steps = "- repeat: {while: {notVisible: 'aa'}, commands: [{inputText: a}]}\n- inputTerm\n"
    assert launched(steps).phone.app.text == "aahépatite"


def test_retry_takes_up_a_failed_step_and_notes_it() -> None:
    steps = (
        "- retry: {maxRetries: 2, commands: [{inputText: a}, {assertVisible: aa}]}\n- inputTerm\n"
    )
    after = launched(steps)
    assert after.play.failed == []
    assert len(after.play.notes) == 1


def test_retry_gives_up_after_its_number() -> None:
    after = launched("- retry: {maxRetries: 1, commands: [{assertVisible: nie}]}\n- inputTerm\n")
    assert len(after.play.failed) == 1


def test_retry_does_not_hide_a_failing_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stage("- launchApp\n- retry: {maxRetries: 3, commands: [back]}\n")
    calls: list[int] = []

    def back() -> None:
        calls.append(1)
        raise LabError("the device is gone")

    monkeypatch.setattr(before.phone, "back", back)
    before.run()
    assert calls == [1]
    assert "the device is gone" in before.play.failed[0]


@pytest.mark.parametrize(
    ("cell", "answers"),
    [(0, ["accept"]), (1, ["reject"]), (2, ["accept", "revoke"]), (3, [])],
    ids=["accepted", "rejected", "revoked", "none"],
)
def test_apply_consent_does_what_the_cell_says(cell: int, answers: list[str]) -> None:
    header = HEADER.replace("consent: accepted", "consent: [accepted, rejected, revoked, none]")
    header += "consentDialog: {revoke: [{inputText: nein}]}\n"
    steps = "- launchApp: {clearState: true}\n- applyConsent\n"
    after = stage(steps, header=header, cell=cell).run()
    if answers[-1:] == ["revoke"]:  # the fake app has no settings: its steps fail, honestly
        assert "no field has the focus" in after.play.failed[0]
    else:
        assert after.play.answers == answers


def test_revoking_needs_steps() -> None:
    after = stage("- launchApp: {clearState: true}\n- acceptConsent\n- revokeConsent\n").run()
    assert "it is unknown how consent is revoked" in after.play.failed[0]


def test_an_answer_that_contradicts_the_header_is_a_failure() -> None:
    after = stage(SEARCH.replace("acceptConsent", "rejectConsent")).run()
    assert (
        "`consent: accepted` is declared, but the last answer given was `reject`"
        in (after.play.failed[0])
    )


def test_steps_of_on_flow_complete_are_played_after_a_failure() -> None:
    after = stage(
        "- launchApp\n- assertVisible: nie\n", header=HEADER + "onFlowComplete: [back]\n"
    ).run()
    assert len(after.play.failed) == 1
    assert "back" in after.phone.log


def test_secrets_are_masked_in_events_and_sentences() -> None:
    after = launched(
        "- inputText: ${env.PIN}\n- assertVisible: '${env.PIN} nie'\n",
        environment={"PIN": "hunter2"},
    )
    assert "hunter2" in after.phone.app.text
    assert "hunter2" not in repr(after.events) + repr(after.play.failed)


def test_a_bug_of_ours_is_not_taken_for_a_failed_step(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stage("- launchApp\n- back\n")
    monkeypatch.setattr(before.phone, "back", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        before.run()


def test_unconfirmed_typing_goes_on_and_is_told() -> None:
    after = stage(faults=Faults(garbled="hepatitis")).run()
    assert not after.play.typing_confirmed
    assert after.play.unconfirmed == ["'hépatite' was typed (frida), the field holds 'hepatitis'"]
    assert after.play.failed == []
    assert StepOutcome.OK in {each.outcome for each in after.of(StepFinished)}  # type: ignore[union-attr]
