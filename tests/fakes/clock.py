"""A clock that moves only when somebody sleeps, and what happens at set moments."""

from __future__ import annotations

from collections.abc import Callable


class FakeClock:
    """Satisfies `harness.clock.Clock`; `at` plans an event, which happens while time passes it."""

    def __init__(self, start_s: float = 1_700_000_000.0) -> None:
        self._wall = start_s
        self._now = 100.0
        self._plan: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return self._now

    def wall(self) -> float:
        return self._wall

    def sleep(self, seconds: float) -> None:
        end = self._now + seconds
        while self._plan and self._plan[0][0] <= end:
            moment, happen = self._plan.pop(0)
            self._advance(max(0.0, moment - self._now))
            happen()
        self._advance(end - self._now)

    def at(self, in_s: float, happen: Callable[[], None]) -> None:
        self._plan.append((self._now + in_s, happen))
        self._plan.sort(key=lambda entry: entry[0])

    def _advance(self, seconds: float) -> None:
        self._now += seconds
        self._wall += seconds
