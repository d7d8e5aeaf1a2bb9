"""The window of an item: the time in which what the app sends counts.

Input: a `Play`. Output: the play completed by what the end shows: a crash, whether the app fell
quiet. The window opens before the first step and closes after the flush: the app is sent to the
background, as people do, and has until it is quiet to send what it had queued. Refuses to wait for
ever: an app that goes on talking is given `LATE_CHATTER` times the quiet time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from harness.clock import wait_until
from harness.errors import HarnessError, LabError
from harness.run.events import (
    AppCrashed,
    FlushFinished,
    FlushStarted,
    ItemFinished,
    ItemStarted,
)
from harness.run.play import Play

LATE_CHATTER = 3
"""The flush window is at most this many times as long as the app must be quiet."""

QUIET_POLL_S = 0.1


@contextmanager
def window(play: Play, item: str, look: Callable[[], None] = lambda: None) -> Iterator[None]:
    """The time in which an item's traffic counts: the block, and the flush after it.

    `look` is called when the block has ended, while the screen still shows how.

    A `HarnessError` that leaves the block goes on after the flush; what is no such error (our bug,
    an interrupt) goes on at once.
    """
    cell = play.cell
    play.emit(ItemStarted(item, cell.term, cell.consent.value, play.now_s()))
    asked_s = play.now_s()
    born_s = play.world.device.clock_s()
    play.device_ahead_s = born_s - (asked_s + play.now_s()) / 2
    try:
        yield
    except HarnessError:
        _end_window(play, item, born_s, look)
        raise
    _end_window(play, item, born_s, look)


def _end_window(play: Play, item: str, born_s: float, look: Callable[[], None]) -> None:
    look()
    play.crash = play.app.crash_since(born_s)
    if play.crash:
        play.emit(AppCrashed(play.scope.mask(play.crash), play.now_s()))
    else:
        flush(play)
        play.crash = play.app.crash_since(born_s)  # some apps die on their way to the background
    seen = len(play.app.drain())
    play.emit(ItemFinished(item, seen, len(play.failed), play.now_s()))


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
    if check.flush == "sdk":
        flush_sdks(play)
    try:
        if check.flush != "none":
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


def flush_sdks(play: Play) -> None:
    """Call the flush of every SDK that was seen at work and has one; what came of it is a note."""
    session = play.app.session
    if session is None:
        return
    try:
        asked = [each for each in session.flush_sdks() if each.asked or each.error]
    except LabError as error:
        play.failed.append(f"the SDKs could not be told to send: {error.what}")
        return
    for each in asked:
        outcome = f"failed: {each.error}" if each.error else "was called"
        play.notes.append(f"flush: sdk: {each.sdk}'s own flush {outcome}")
    if not asked:
        play.notes.append("flush: sdk: no SDK that was seen at work can be told to send")
