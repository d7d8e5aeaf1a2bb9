"""The web pages of the app under test: found, watched through their DevTools, accounted for.

Input: a `World`, the pid of the app. Output: what its pages sent, the state of the layer `webview`,
what could not be watched. Pages come and go with a process; a web view opens its DevTools when it
is first made, so the run looks for them again and again. Pages that refuse are a fact for the
coverage and not an error. An app without a web view, or whose web view may not be watched (a
release app on a user build), has no such layer: then the witness alone sees its pages, and where
there is none the agent still tells of the web view's engine (`harness.traffic.observed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from harness.clock import wait_until
from harness.errors import LabError
from harness.findings.coverage import Gap, LayerState
from harness.findings.sorting import CLOCK_SLACK_S
from harness.run.ports import PagesPort, World
from harness.traffic.exchange import Exchange, Layer

LOOK_EVERY_S = 1.0
"""Time between two looks while the run waits for something else."""

LATE = "a web page was at work before it could be watched, and no witness looks"
ELSEWHERE = "a web view of this process is not watched, and no witness looks"

SETTLED_S = CLOCK_SLACK_S + 0.1
SETTLE_TIMEOUT_S = 5.0


class Pages:
    """All pages of one process at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._watched: PagesPort | None = None
        self._refused = ""
        self._looked_at = float("-inf")

    def look(self, pid: int, *, soon: bool = False) -> None:
        """Watch the pages if there are any by now. Never raises a lab error.

        `soon`: not if the last look was only just.
        """
        now = self._world.clock.now()
        if self._watched is not None or (soon and now - self._looked_at < LOOK_EVERY_S):
            return
        self._looked_at = now
        try:
            self._watched = self._world.hands.watch_pages(pid)
        except LabError as error:
            self._refused = f"its DevTools refuse: {error.seen or error.what}"
        else:
            self._refused = ""

    def settle(self) -> None:
        """Wait until what the pages load is there, but not for pages that never fall quiet.

        What they sent before they were watched then lies before the typing, by any clock.
        """
        watched = self._watched
        if watched is not None:
            wait_until(
                self._world.clock,
                lambda: watched.quiet_for_s() > SETTLED_S,
                SETTLE_TIMEOUT_S,
            )

    def exchanges(self) -> tuple[Exchange, ...]:
        return self._watched.exchanges() if self._watched is not None else ()

    def quiet_for_s(self) -> float:
        """Seconds since a page last sent something; for ever where there is none."""
        return self._watched.quiet_for_s() if self._watched is not None else float("inf")

    def gaps(self) -> tuple[str, ...]:
        """What of the pages could not be watched, a clause each."""
        return self._watched.gaps() if self._watched is not None else ()

    def late(self, since_s: float) -> tuple[Gap, ...]:
        """Pages that were first watched after that moment, when they were at work already."""
        found = self._watched.late(since_s) if self._watched is not None else ()
        return tuple(Gap(urlsplit(url).hostname or "", LATE, at_s) for url, at_s in found)

    def layer(self) -> LayerState | None:
        """The state of the layer; None where there is no page to watch."""
        if self._watched is None:
            return LayerState(Layer.WEBVIEW, False, detail=self._refused) if self._refused else None
        seen, ended = len(self._watched.exchanges()), self._watched.ended
        proved = seen > 0 or self._watched.watched > 0
        return LayerState(Layer.WEBVIEW, not ended, seen, proved, ended)

    def close(self) -> None:
        """Let go of the pages; the process may go on."""
        if self._watched is not None:
            self._watched.close()
        self._watched, self._refused = None, ""


def joined(states: Sequence[LayerState]) -> tuple[LayerState, ...]:
    """One state of the layer out of those of several processes: the worst of them counts."""
    if not states:
        return ()
    details = dict.fromkeys(state.detail for state in states if state.detail)
    return (
        LayerState(
            Layer.WEBVIEW,
            installed=all(state.installed for state in states),
            fired=sum(state.fired for state in states),
            proved=any(state.proved for state in states),
            detail="; ".join(details),
        ),
    )
