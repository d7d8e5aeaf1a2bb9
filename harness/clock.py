"""Time: the only module that reads a clock or sleeps.

Everything that waits takes a `Clock`, so that tests can move time by hand. Durations are seconds
(`_s`), moments are Unix seconds of the host (`wall`) or of a monotonic clock (`now`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What waiting code needs of time."""

    def now(self) -> float:
        """Monotonic seconds; only differences mean anything."""

    def wall(self) -> float:
        """Unix time in seconds, for records."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on a clock after which waiting ends."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        return cls(clock, clock.now() + seconds)

    @property
    def remaining_s(self) -> float:
        return max(0.0, self.at - self.clock.now())

    @property
    def passed(self) -> bool:
        return self.clock.now() >= self.at


def wait_until(
    clock: Clock, condition: Callable[[], bool], timeout_s: float, poll_s: float = 0.05
) -> bool:
    """Poll `condition` until it holds (True) or `timeout_s` has passed (its last answer)."""
    deadline = Deadline.after(clock, timeout_s)
    while not deadline.passed:
        if condition():
            return True
        clock.sleep(min(poll_s, deadline.remaining_s))
    return condition()
