"""Scopes and typing of a play."""

from __future__ import annotations

from harness.run.events import TextTyped
from harness.run.play import Values, scope_of
from tests.fakes.phone import Faults
from tests.run.stage import HEADER, launched, stage


def test_values_of_the_run_override_the_header() -> None:
    scenario = stage(header=HEADER + "env: {CITY: Bern, PIN: '${env.PIN}'}\n",
                     environment={"PIN": "1234"}).play.scenario  # fmt: skip
    scope = scope_of(scenario, "x", Values({"CITY": "Genf"}, {"PIN": "1234"}))
    assert scope.expand("${CITY} ${PIN} ${TERM}") == "Genf 1234 x"


def test_only_the_environment_that_is_used_is_masked() -> None:
    scenario = stage().play.scenario
    scope = scope_of(scenario, "x", Values({}, {"SHELL": "bash", "N": "hépatite"}))
    assert scope.mask("bash types hépatite") == "bash types hépatite"


def test_another_text_that_does_not_arrive_fails_its_step() -> None:
    after = launched("- inputText: Bern\n- inputTerm\n", faults=Faults(garbled="Berlin"))
    assert "the text did not arrive" in after.play.failed[0]
    assert after.play.typed_s is None


def test_a_text_that_holds_the_term_counts_as_typing_it() -> None:
    after = launched("- inputText: 'Arzt ${TERM}'\n")
    assert after.play.typing_confirmed
    (event,) = after.of(TextTyped)
    assert isinstance(event, TextTyped)
    assert event.arrived == "Arzt hépatite"
