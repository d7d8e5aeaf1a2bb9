"""Finding things on the screen and waiting for them, each with one deadline.

Input: something that can dump its screen and tap (`Device`), a clock, selectors. Output: nodes.
Within a deadline the screen is looked at every `POLL_S`; a dump that fails for the moment is tried
again. The screen is settled when two dumps in a row are equal, or after `SETTLE_S`: carousels and
maps never are. Not found is an error that lists what looks alike. The input `point` of a selector
is the caller's business.
"""

from __future__ import annotations

from typing import Protocol

from harness.clock import Clock, Deadline
from harness.device.device import HierarchyUnavailable
from harness.device.hierarchy import Hierarchy, Node
from harness.device.selectors import Selector, match, near_misses
from harness.errors import ScenarioError

REQUIRED_S = 17.0
"""Maestro's budget for an element that must be there."""

OPTIONAL_S = 7.0
"""The same for optional steps and conditions."""

POLL_S = 0.15
SETTLE_S = 2.0


class NotFound(ScenarioError):
    """What a step is about is not on the screen, or would not go away."""


class Looking(Protocol):
    """What `Screen` needs of a device."""

    def hierarchy(self) -> Hierarchy: ...

    def tap(self, x: int, y: int) -> None: ...


class Screen:
    """The screen of one device."""

    def __init__(self, device: Looking, clock: Clock) -> None:
        self._device = device
        self._clock = clock

    def find(self, selector: Selector, timeout_s: float = REQUIRED_S) -> Node:
        """The node that `selector` means, as soon as it is there.

        Raises:
            NotFound: it did not appear in `timeout_s`; lists near misses.
            HierarchyUnavailable: the screen could not be read at all in that time.
        """
        return self._find(selector, Deadline.after(self._clock, timeout_s), timeout_s)[1]

    wait_visible = find

    def tap_on(self, selector: Selector, timeout_s: float = REQUIRED_S) -> Node:
        """Find it, let the screen come to rest, find it again where it is now, tap its centre."""
        deadline = Deadline.after(self._clock, timeout_s)
        seen, _ = self._find(selector, deadline, timeout_s)
        at_rest = self._settle(min(SETTLE_S, deadline.remaining_s), seen)
        found = match(at_rest, selector) or [self._find(selector, deadline, timeout_s)[1]]
        self._device.tap(*found[0].bounds.centre)
        return found[0]

    def wait_not_visible(self, selector: Selector, timeout_s: float = REQUIRED_S) -> None:
        """Until nothing matches any more.

        Raises:
            NotFound: it was still there after `timeout_s`.
            HierarchyUnavailable: the screen could not be read at all in that time.
        """
        deadline = Deadline.after(self._clock, timeout_s)
        while True:
            hierarchy, fault = self._look()
            if hierarchy is not None and not match(hierarchy, selector):
                return
            if deadline.passed:
                break
            self._rest(deadline)
        if fault is not None:
            raise fault
        raise NotFound(
            f"still on the screen after {timeout_s:g} s: {selector}",
            expected="that it goes away",
        )

    def settle(self, timeout_s: float = SETTLE_S) -> Hierarchy:
        """The screen at rest, or as it is after `timeout_s`.

        Raises:
            HierarchyUnavailable: it could not be read even once.
        """
        return self._settle(timeout_s, None)

    def _settle(self, timeout_s: float, last: Hierarchy | None) -> Hierarchy:
        """`last` is a look that was taken just now; each look costs a second on a phone."""
        deadline = Deadline.after(self._clock, timeout_s)
        if last is not None:
            self._rest(deadline)
        while True:
            hierarchy, fault = self._look()
            if hierarchy is not None and hierarchy == last:
                return hierarchy
            last = hierarchy or last
            if deadline.passed:
                if last is None and fault is not None:
                    raise fault
                if last is not None:
                    return last
            self._rest(deadline)

    def _find(
        self, selector: Selector, deadline: Deadline, timeout_s: float
    ) -> tuple[Hierarchy, Node]:
        last: Hierarchy | None = None
        while True:
            hierarchy, fault = self._look()
            last = hierarchy or last
            found = match(hierarchy, selector) if hierarchy is not None else []
            if hierarchy is not None and found:
                return hierarchy, found[0]
            if deadline.passed:
                break
            self._rest(deadline)
        if last is None and fault is not None:
            raise fault
        raise not_found(last, selector, timeout_s)

    def _look(self) -> tuple[Hierarchy | None, HierarchyUnavailable | None]:
        try:
            return self._device.hierarchy(), None
        except HierarchyUnavailable as fault:
            return None, fault

    def _rest(self, deadline: Deadline) -> None:
        self._clock.sleep(max(0.01, min(POLL_S, deadline.remaining_s)))


def not_found(hierarchy: Hierarchy | None, selector: Selector, timeout_s: float) -> NotFound:
    """The error for an element that is not there, with what looks alike."""
    alike = near_misses(hierarchy, selector) if hierarchy is not None else []
    shown = ", ".join(hierarchy.packages()) if hierarchy is not None else ""
    return NotFound(
        f"not on the screen within {timeout_s:g} s: {selector}",
        seen="; ".join(alike) or f"nothing alike; windows of {shown or 'no app'}",
        expected="`text` and `id` must match the whole value, as regular expressions",
        action="take the wording of a near miss, or `.*word.*`" if alike else "",
    )
