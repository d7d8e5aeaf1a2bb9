"""Touches: tapping, swiping, scrolling, waiting for the screen to rest.

Input: a `Play` and the step's arguments. Output: touches on the device. Percentages count from the
screen's size, or from the element's when a selector names one beside `point`. Distances are
Maestro's: a swipe up goes from half the height to a tenth. Refuses points outside the screen.
"""

from __future__ import annotations

from harness.clock import Deadline
from harness.device.hierarchy import Bounds
from harness.device.selectors import Selector, match, near_misses
from harness.run.play import Play, StepFailed
from harness.scenario.model import (
    LongPress,
    ScrollUntilVisible,
    Swipe,
    Tap,
    WaitForAnimation,
)
from harness.scenario.targets import expand_selector

FIND_TIMEOUT_S = 15.0
SCROLL_MS = 400
SWIPES = {
    "UP": ((0.5, 0.5), (0.5, 0.1)),
    "DOWN": ((0.5, 0.2), (0.5, 0.9)),
    "LEFT": ((0.9, 0.5), (0.1, 0.5)),
    "RIGHT": ((0.1, 0.5), (0.9, 0.5)),
}
"""Direction in which the finger moves -> start and end as shares of width and height."""

FINGER = {"UP": "DOWN", "DOWN": "UP", "LEFT": "RIGHT", "RIGHT": "LEFT"}
"""Direction in which the view scrolls -> direction of the finger."""

Pixel = tuple[int, int]


def tap_on(play: Play, args: Tap) -> None:
    selector = expand_selector(args.target, play.scope)
    for round_ in range(args.repeat):
        if round_:
            play.world.clock.sleep(args.delay_ms / 1000)
        before = play.world.device.hierarchy() if args.retry_if_no_change else None
        _tap_once(play, selector)
        after = play.world.screen.settle()
        if before is not None and before == after:
            _tap_once(play, selector)
            play.world.screen.settle()


def _tap_once(play: Play, selector: Selector) -> None:
    if selector.point is None:
        play.world.screen.tap_on(selector, FIND_TIMEOUT_S)
        return
    play.world.device.tap(*_point(play, selector))


def long_press_on(play: Play, args: LongPress) -> None:
    """A swipe that stays in place, which is how `input` presses long."""
    at = _point(play, expand_selector(args.target, play.scope))
    play.world.device.swipe(at, at, args.duration_ms)
    play.world.screen.settle()


def _point(play: Play, selector: Selector) -> Pixel:
    """Where on the screen a selector with or without `point` is touched."""
    if selector.only_point:
        bounds = _screen(play)
    else:
        bounds = play.world.screen.find(selector, FIND_TIMEOUT_S).bounds
    if selector.point is None:
        return bounds.centre
    return _resolve(play, selector.point, bounds)


def _screen(play: Play) -> Bounds:
    width, height = play.world.device.screen_size
    return Bounds(0, 0, width, height)


def _resolve(play: Play, point: str, bounds: Bounds) -> Pixel:
    """A written point in pixels; the reader has checked its form."""
    first, second = point.split(",")
    x = _along(first, bounds.left, bounds.right)
    y = _along(second, bounds.top, bounds.bottom)
    width, height = play.world.device.screen_size
    if not (0 <= x < width and 0 <= y < height):
        raise StepFailed(
            f"the point {point} is outside the screen", seen=f"{x},{y} of {width}x{height}"
        )
    return x, y


def _along(written: str, low: int, high: int) -> int:
    """`50%` of the way from low to high, or pixels from low; 100% is the last pixel."""
    if written.endswith("%"):
        return min(high - 1, low + (high - low) * int(written[:-1]) // 100)
    return low + int(written)


def scroll(play: Play, args: object) -> None:
    _drag(play, FINGER["DOWN"], _screen(play), SCROLL_MS)


def swipe(play: Play, args: Swipe) -> None:
    screen = _screen(play)
    if not args.direction:
        start, end = _resolve(play, args.start, screen), _resolve(play, args.end, screen)
        play.world.device.swipe(start, end, args.duration_ms)
        play.world.screen.settle()
        return
    origin = None
    if args.origin is not None:
        origin = play.world.screen.find(
            expand_selector(args.origin, play.scope), FIND_TIMEOUT_S
        ).bounds.centre
    _drag(play, args.direction, screen, args.duration_ms, origin)


def _drag(
    play: Play, direction: str, bounds: Bounds, duration_ms: int, origin: Pixel | None = None
) -> None:
    shares = SWIPES[direction]
    start, end = (_share(bounds, share) for share in shares)
    play.world.device.swipe(origin or start, end, duration_ms)
    play.world.screen.settle()


def _share(bounds: Bounds, share: tuple[float, float]) -> Pixel:
    width, height = bounds.right - bounds.left, bounds.bottom - bounds.top
    return bounds.left + int(width * share[0]), bounds.top + int(height * share[1])


def scroll_until_visible(play: Play, args: ScrollUntilVisible) -> None:
    """Scroll until a match shows, the deadline passes, or the view no longer moves."""
    selector = expand_selector(args.target, play.scope)
    deadline = Deadline.after(play.world.clock, args.timeout_ms / 1000)
    hierarchy = play.world.screen.settle()
    while not match(hierarchy, selector):
        before = hierarchy
        _drag(play, FINGER[args.direction], _screen(play), SCROLL_MS)
        hierarchy = play.world.screen.settle()
        if hierarchy == before or deadline.passed:
            why = "the end of the list" if hierarchy == before else f"{args.timeout_ms} ms"
            raise StepFailed(
                f"no element matches {selector} after scrolling to {why}",
                seen="; ".join(near_misses(hierarchy, selector)) or "nothing alike",
                action="check the text on the screenshot: a text must match as a whole",
            )


def wait_for_animation(play: Play, args: WaitForAnimation) -> None:
    """Two equal pictures in a row; that the time runs out is no failure (as in Maestro)."""
    deadline = Deadline.after(play.world.clock, args.timeout_ms / 1000)
    before = play.world.device.screenshot()
    while not deadline.passed:
        play.world.clock.sleep(min(0.25, deadline.remaining_s))
        after = play.world.device.screenshot()
        if after == before:
            return
        before = after
