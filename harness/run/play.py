"""One play of a scenario: what its steps share, and what they leave behind.

Input: a world, the app under test, a scenario, a cell, values of the run. Output: a `Play`, which
the steps fill. Refuses nothing; a step that cannot do what it says raises `StepFailed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import HarnessError
from harness.run.app import AppUnderTest
from harness.run.events import Event, TextTyped
from harness.run.matrix import Cell
from harness.run.ports import TypedPort, World
from harness.scenario.model import Scenario
from harness.scenario.variables import ENVIRONMENT_PREFIX, TERM, Scope


class StepFailed(HarnessError):
    """A step could not do what it says; a fact for the verdict, told with what was seen."""

    fault = "scenario"


@dataclass(frozen=True, slots=True)
class Values:
    """What the run gives to every scenario.

    Attributes:
        variables: by name; they override the header's `env`.
        environment: what `${env.NAME}` may name; masked in everything written.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def scope_of(scenario: Scenario, term: str, values: Values) -> Scope:
    """The variables that the scenario's steps start with."""
    scope = Scope()
    for name in scenario.environment:
        text = values.variables.get(name, values.environment.get(name, ""))
        scope = scope.bind(ENVIRONMENT_PREFIX + name, text, secret=True)
    header = {name: scope.expand(text) for name, text in scenario.env}
    return scope.bind_all({**header, **values.variables}).bind(TERM, term, literal=True)


@dataclass
class Play:
    """The state of one play.

    Attributes:
        folder: where pictures go that steps take.
        typed_s: Unix time at which typing of the term began, None before.
        unconfirmed: what is wrong with the typing of the term, a sentence per attempt.
        failed: a sentence per failed step.
        warned: the same for optional steps.
        asserted: hosts that `assertLeaks` names.
        answers: consent answers that steps of ours gave, in their order.
        notes: whatever else a reader of the verdict should know.
        crash: what is known of a crash of the app, empty when there was none.
        device_ahead_s: how far the device's clock is ahead of the host's.
    """

    world: World
    app: AppUnderTest
    scenario: Scenario
    cell: Cell
    scope: Scope
    folder: Path
    typed_s: float | None = None
    unconfirmed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    asserted: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    crash: str = ""
    device_ahead_s: float = 0.0
    depth: int = 0
    steps_played: int = 0

    @property
    def typing_confirmed(self) -> bool:
        return self.typed_s is not None and not self.unconfirmed

    def emit(self, event: Event) -> None:
        self.world.emit(event)

    def now_s(self) -> float:
        return self.world.clock.wall()

    def type_text(self, text: str) -> None:
        """Type into the focused field; a term that does not arrive is a fact, any other text that
        does not arrive fails the step."""
        is_term = self.cell.term in text
        if is_term and self.typed_s is None:
            self.app.typing_begins()
            self.typed_s = self.now_s()
        typed = self.world.hands.type_text(self.app.session, text, self.scenario.typing)
        self.emit(
            TextTyped(
                typed.method,
                self.scope.mask(typed.wanted),
                self.scope.mask(typed.arrived),
                typed.confirmed,
                self.now_s(),
            )
        )
        if not typed.confirmed:
            self._unconfirmed(typed, is_term)

    def _unconfirmed(self, typed: TypedPort, is_term: bool) -> None:
        arrived, wanted = self.scope.mask(typed.arrived), self.scope.mask(typed.wanted)
        if is_term:
            self.unconfirmed.append(
                f"{wanted!r} was typed ({typed.method}), the field holds {arrived!r}"
            )
            return
        raise StepFailed(
            "the text did not arrive in the field",
            seen=repr(arrived),
            expected=repr(wanted),
            action="tap the field first; another `typing: {method}` may help",
        )
