"""Plays a scenario: its steps in order, and the steps that hold steps.

Input: a `Play`. Output: the play filled with facts, events on the way. What goes wrong in a step is
a fact and ends the steps, not the run: the flush window still follows, so that what was sent until
then is judged. Refuses nothing; exceptions that are not `HarnessError`s are our bugs and pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness.clock import wait_until
from harness.device.hierarchy import Hierarchy
from harness.device.selectors import Selector, match
from harness.errors import HarnessError, LabError
from harness.run import consent
from harness.run.actions import ACTIONS
from harness.run.events import (
    ConsentGiven,
    StepFinished,
    StepOutcome,
    StepStarted,
)
from harness.run.play import Play, StepFailed
from harness.run.window import window
from harness.scenario.model import Condition, Consent, Repeat, Retry, RunFlow, Step
from harness.scenario.targets import expand_selector

CONDITION_TIMEOUT_S = 5.0
"""How long `when` waits for its element; Maestro takes 7 s."""


class Stopped(Exception):
    """A step failed and ends the steps around it; `retry` may take it up."""

    def __init__(self, step: Step, error: HarnessError) -> None:
        super().__init__(str(error))
        self.step = step
        self.error = error


def play_item(play: Play, item: str, look: Callable[[], None] = lambda: None) -> None:
    """Play all of a scenario for one cell.

    Args:
        item: id of the item, for the events.
        look: called while the screen still shows a failed step, and before the flush.
    """
    with window(play, item, look):
        _until_failure(play, (*play.scenario.on_start, *play.scenario.steps), look)
        _until_failure(play, play.scenario.on_complete, look)
        _compare_consent(play)


def _until_failure(play: Play, steps: Iterable[Step], look: Callable[[], None]) -> None:
    try:
        play_steps(play, steps)
    except Stopped as stopped:
        play.failed.append(_sentence(play, stopped.step, stopped.error))
        look()


def play_steps(play: Play, steps: Iterable[Step]) -> None:
    """Play steps in order.

    Raises:
        Stopped: one of them failed and is not optional.
    """
    for step in steps:
        _play_step(play, step)


def _play_step(play: Play, step: Step) -> None:
    play.steps_played += 1
    number = play.steps_played
    label = play.scope.mask(step.label)
    play.emit(StepStarted(number, step.kind, str(step.place), label, play.depth, play.now_s()))

    def finished(outcome: StepOutcome, detail: str = "") -> None:
        play.emit(StepFinished(number, step.kind, outcome, detail, play.now_s()))

    try:
        skipped = _perform(play, step)
    except Stopped as inner:
        if not step.optional:
            finished(StepOutcome.FAILED, inner.error.what)
            raise
        error: HarnessError = inner.error
    except HarnessError as own:
        if not step.optional:
            finished(StepOutcome.FAILED, play.scope.mask(own.what))
            raise Stopped(step, own) from own
        error = own
    else:
        play.app.look_for_pages()
        finished(StepOutcome.SKIPPED if skipped else StepOutcome.OK, skipped)
        return
    play.warned.append(_sentence(play, step, error))
    finished(StepOutcome.WARNED, play.scope.mask(error.what))


def _perform(play: Play, step: Step) -> str:
    """Do what the step says; why it was skipped, or an empty string."""
    composite = COMPOSITES.get(step.kind)
    if composite is None:
        ACTIONS[step.kind](play, step.args)
        return ""
    play.depth += 1
    try:
        return composite(play, step.args)
    finally:
        play.depth -= 1


def _run_flow(play: Play, args: RunFlow) -> str:
    if args.when is not None and not holds(play, args.when):
        return "its condition does not hold"
    outer = play.scope
    play.scope = outer.bind_all({name: outer.expand(text) for name, text in args.env})
    try:
        play_steps(play, args.steps)
    finally:
        play.scope = outer
    return ""


def _repeat(play: Play, args: Repeat) -> str:
    rounds = 0
    while args.times is None or rounds < args.times:
        if args.while_ is not None and not holds(play, args.while_):
            break
        if rounds >= MAX_ROUNDS:
            raise StepFailed(f"`while` still holds after {MAX_ROUNDS} rounds")
        play_steps(play, args.steps)
        rounds += 1
    return "" if rounds else "nothing to repeat"


MAX_ROUNDS = 1000


def _retry(play: Play, args: Retry) -> str:
    for attempt in range(args.max_retries + 1):
        try:
            play_steps(play, args.steps)
        except Stopped as stopped:
            if attempt == args.max_retries or isinstance(stopped.error, LabError):
                raise
            play.notes.append(
                f"attempt {attempt + 1} failed: {_sentence(play, stopped.step, stopped.error)}"
            )
        else:
            break
    return ""


def _apply_consent(play: Play, args: object) -> str:
    """Bring about the consent state of the cell."""
    state = play.cell.consent
    if state is Consent.NONE:
        return "the cell leaves the dialog unanswered"
    consent.answer(play, "reject" if state is Consent.REJECTED else "accept")
    if state is Consent.REVOKED:
        _revoke_consent(play, args)
    return ""


def _revoke_consent(play: Play, args: object) -> str:
    steps = play.scenario.consent_dialog.revoke
    if steps is None:
        raise StepFailed(
            "it is unknown how consent is revoked in this app",
            action="name the steps: `consentDialog: {revoke: FILE or a list of steps}`",
        )
    play_steps(play, steps)
    play.answers.append("revoke")
    play.emit(ConsentGiven("revoke", "the steps of `revoke`", play.now_s()))
    return ""


COMPOSITES: Mapping[str, Callable[[Play, Any], str]] = {
    "runFlow": _run_flow,
    "repeat": _repeat,
    "retry": _retry,
    "applyConsent": _apply_consent,
    "revokeConsent": _revoke_consent,
}
"""Steps that play other steps; each says why it did nothing, or an empty string."""


def holds(play: Play, condition: Condition) -> bool:
    """Whether a condition holds, within its deadline."""
    if condition.platform not in ("", "Android"):
        return False

    def on_screen(selector: Selector | None, wanted: bool) -> bool:
        if selector is None:
            return True
        filled = expand_selector(selector, play.scope)

        def look() -> bool:
            return bool(match(_settled(play), filled)) is wanted

        return wait_until(play.world.clock, look, CONDITION_TIMEOUT_S, 0.2)

    return on_screen(condition.visible, True) and on_screen(condition.not_visible, False)


def _settled(play: Play) -> Hierarchy:
    return play.world.screen.settle()


IMPLIED = {Consent.ACCEPTED: "accept", Consent.REJECTED: "reject", Consent.REVOKED: "revoke"}


def _compare_consent(play: Play) -> None:
    """Steps of ours that gave another answer than the cell declares fail the play: the report
    would name a state that was not tested."""
    wanted = IMPLIED.get(play.cell.consent)
    last = play.answers[-1] if play.answers else wanted
    if last != wanted and not play.failed:
        play.failed.append(
            f"{play.scenario.place.file}: `consent: {play.cell.consent.value}` is declared,"
            f" but the last answer given was `{last}`"
        )


def _sentence(play: Play, step: Step, error: HarnessError) -> str:
    """`file:line:column: step: what (seen: ...; expected: ...)`, one line, secrets masked."""
    facts = [("seen", error.seen), ("expected", error.expected), ("do", error.action)]
    extra = "; ".join(f"{name}: {text}" for name, text in facts if text)
    name = f"`{step.label}`" if step.label else f"`{step.kind}`"
    text = f"{step.place}: {name}: {error.what}" + (f" ({extra})" if extra else "")
    return play.scope.mask(" ".join(text.split()))
