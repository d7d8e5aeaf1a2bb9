"""Plays a scenario: its steps in order, the steps that hold steps, and the flush window.

Input: a `Play`. Output: the play filled with facts, events on the way. What goes wrong in a step is
a fact and ends the steps, not the run: the flush window still follows, so that what was sent until
then is judged. Refuses nothing; exceptions that are not `HarnessError`s are our bugs and pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from harness.clock import wait_until
from harness.device.hierarchy import Hierarchy
from harness.device.selectors import Selector, match
from harness.errors import HarnessError, LabError
from harness.run import consent
from harness.run.actions import ACTIONS
from harness.run.events import (
    AppCrashed,
    ConsentGiven,
    FlushFinished,
    FlushStarted,
    ItemFinished,
    ItemStarted,
    StepFinished,
    StepOutcome,
    StepStarted,
)
from harness.run.play import Play, StepFailed
from harness.scenario.model import Condition, Consent, Repeat, Retry, RunFlow, Step
from harness.scenario.targets import expand_selector

CONDITION_TIMEOUT_S = 5.0
"""How long `when` waits for its element; Maestro takes 7 s."""

LATE_CHATTER = 3
"""The flush window is at most this many times as long as the app must be quiet."""

QUIET_POLL_S = 0.1


class Stopped(Exception):
    """A step failed and ends the steps around it; `retry` may take it up."""

    def __init__(self, step: Step, error: HarnessError) -> None:
        super().__init__(str(error))
        self.step = step
        self.error = error


def play_item(play: Play, item: str, on_failure: Callable[[], None] = lambda: None) -> None:
    """Play all of a scenario for one cell.

    Args:
        item: id of the item, for the events.
        on_failure: called when a step has failed, while the screen still shows it.
    """
    with window(play, item):
        _until_failure(play, (*play.scenario.on_start, *play.scenario.steps), on_failure)
        _until_failure(play, play.scenario.on_complete, on_failure)
        _compare_consent(play)


@contextmanager
def window(play: Play, item: str) -> Iterator[None]:
    """The time in which an item's traffic counts: the block, and the flush after it.

    A `HarnessError` that leaves the block goes on after the flush; what is no such error (our bug,
    an interrupt) goes on at once.
    """
    cell = play.cell
    play.emit(ItemStarted(item, cell.term, cell.consent.value, play.now_s()))
    born_s = play.world.device.clock_s()
    try:
        yield
    except HarnessError:
        _end_window(play, item, born_s)
        raise
    _end_window(play, item, born_s)


def _end_window(play: Play, item: str, born_s: float) -> None:
    play.crash = play.app.crash_since(born_s)
    if play.crash:
        play.emit(AppCrashed(play.scope.mask(play.crash), play.now_s()))
    else:
        flush(play)
        play.crash = play.app.crash_since(born_s)  # some apps die on their way to the background
    seen = len(play.app.drain())
    play.emit(ItemFinished(item, seen, len(play.failed), play.now_s()))


def _until_failure(play: Play, steps: Iterable[Step], on_failure: Callable[[], None]) -> None:
    try:
        play_steps(play, steps)
    except Stopped as stopped:
        play.failed.append(_sentence(play, stopped.step, stopped.error))
        on_failure()


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


def flush(play: Play) -> None:
    """Let queued sendings leave: send the app to the background and wait until it is quiet.

    A failing device is a fact here too. An app that never falls quiet is waited for `LATE_CHATTER`
    times the quiet time at most, and noted. An app whose agent left is waited for as well: the
    witness may still see it.
    """
    if play.app.session is None:
        return
    check = play.scenario.leak_check
    started_s = play.world.clock.now()
    play.emit(FlushStarted(check.flush, play.now_s()))
    try:
        if check.flush == "background":
            play.world.device.home()
    except LabError as error:
        play.failed.append(f"the app could not be sent to the background: {error.what}")

    def quiet() -> bool:
        waited_s = play.world.clock.now() - started_s
        silence_s = play.app.quiet_for_s()
        return min(waited_s, waited_s if silence_s is None else silence_s) >= check.settle_s

    is_quiet = wait_until(
        play.world.clock, quiet, LATE_CHATTER * check.settle_s, min(QUIET_POLL_S, check.settle_s)
    )
    if not is_quiet:
        play.notes.append(
            f"the app was never quiet for {check.settle_s:g} s after the last step; the window"
            f" closed after {LATE_CHATTER * check.settle_s:g} s"
        )
    play.emit(FlushFinished(is_quiet, play.world.clock.now() - started_s, play.now_s()))


def _sentence(play: Play, step: Step, error: HarnessError) -> str:
    """`file:line:column: step: what (seen: ...; expected: ...)`, one line, secrets masked."""
    facts = [("seen", error.seen), ("expected", error.expected), ("do", error.action)]
    extra = "; ".join(f"{name}: {text}" for name, text in facts if text)
    name = f"`{step.label}`" if step.label else f"`{step.kind}`"
    text = f"{step.place}: {name}: {error.what}" + (f" ({extra})" if extra else "")
    return play.scope.mask(" ".join(text.split()))
