"""Watching the web pages of an app on a device: its DevTools socket, through a forward of adb.

Input: an adb handle, a pid, a clock. Output: `WatchedPages`, or None when that process has no web
view that may be watched. The forward lives as long as they are watched.
"""

from __future__ import annotations

from contextlib import ExitStack

from harness.clock import Clock
from harness.device.adb import Adb
from harness.errors import LabError
from harness.traffic.exchange import Exchange
from harness.webview.capture import PageCapture
from harness.webview.sockets import LIST_COMMAND, socket_of, watchable


class WatchedPages:
    """The pages of one process, and the way to them."""

    def __init__(self, capture: PageCapture, way: ExitStack) -> None:
        self._capture = capture
        self._way = way

    @property
    def ended(self) -> str:
        """Why nothing is seen any more; empty while it is."""
        return self._capture.ended

    @property
    def watched(self) -> int:
        """How many pages and workers are, by the browser's own word."""
        return self._capture.watched

    def exchanges(self) -> tuple[Exchange, ...]:
        return self._capture.exchanges()

    def gaps(self) -> tuple[str, ...]:
        return self._capture.gaps()

    def late(self, since_s: float) -> tuple[tuple[str, float], ...]:
        return self._capture.late(since_s)

    def quiet_for_s(self) -> float:
        return self._capture.quiet_for_s()

    def close(self) -> None:
        """Never raises: the device may be gone, and its forwards with it."""
        self._capture.close()
        try:
            self._way.close()
        except LabError:
            return


def watch_pages(adb: Adb, pid: int, clock: Clock) -> WatchedPages | None:
    """Watch the pages of a process.

    Raises:
        LabError: the device does not answer, or the DevTools do not.
    """
    if pid not in watchable(adb.shell(LIST_COMMAND).stdout):
        return None
    with ExitStack() as opened:
        port = opened.enter_context(adb.forwarded(socket_of(pid)))
        return WatchedPages(PageCapture(port, clock, name=str(pid)), opened.pop_all())
