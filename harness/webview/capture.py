"""Watches all pages and workers of one app process through its DevTools.

Input: a TCP port that leads to the app's DevTools socket, a clock. Output: the exchanges of its
pages. Attaches to every target there is and, before they run, to every one that comes (frames of
other sites, workers, service workers), each with network events and whole request bodies. What
cannot be watched is told in `gaps`. Changes nothing in the pages: no script is injected, and what
is paused, a target that begins and a request on its way out, is let go at once. When the connection
ends, however it ends, the browser lets go of all by itself.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

from harness.clock import Clock
from harness.traffic.exchange import Exchange
from harness.webview.cdp import Connection
from harness.webview.pages import PageLog, Wanted

MAX_BODY_BYTES = 64 << 20
ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
NETWORK = {"maxPostDataSize": MAX_BODY_BYTES}
STACKS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("Debugger.setSkipAllPauses", {"skip": True}),
    ("Debugger.enable", {}),
    ("Debugger.setSkipAllPauses", {"skip": True}),
    ("Debugger.setAsyncCallStackDepth", {"maxDepth": 8}),
)
"""So that what a script causes later (an image, whose loading begins after the script has ended) is
told with the script that asked for it. Nothing ever pauses, whatever `debugger` statements say: not
before the debugger is enabled, and, where that forgets the wish, not after."""
WATCHED = frozenset({"page", "iframe", "worker", "shared_worker", "service_worker", "webview"})
EMPTY = frozenset({"", "about:blank"})
"""Addresses of pages that have sent nothing yet."""

LEFT = frozenset({"page", "iframe"})
"""What can be left while it sends: its network events end then, the browser's own door tells on."""


class PageCapture:
    """See the module's docstring; `name` makes the exchanges' ids unique within a run.

    Raises:
        LabError: no DevTools answer on that port.
    """

    def __init__(self, port: int, clock: Clock, name: str = "") -> None:
        self._clock = clock
        self._log = PageLog(name)
        self._lock = threading.Lock()
        self._refused: set[str] = set()
        self._heard_s = clock.now()
        self._late: list[tuple[str, float]] = []
        self._begun_s = clock.wall()
        self._listed = False
        self.watched = 0
        """Pages and workers whose network events are on, by the browser's own word."""
        self._connection = Connection(port, self._heard)
        self._connection.start()
        self._connection.send("Target.setAutoAttach", ATTACH, then=self._all_listed)

    def exchanges(self) -> tuple[Exchange, ...]:
        """All so far, in the order in which they began."""
        with self._lock:
            return self._log.exchanges()

    def quiet_for_s(self) -> float:
        """Seconds since the last network event of any page."""
        return self._clock.now() - self._heard_s

    def gaps(self) -> tuple[str, ...]:
        """What of the pages could not be watched, a clause each."""
        with self._lock:
            found = sorted(self._refused)
            if self._log.odd:
                found.append(f"{self._log.odd} network events of pages could not be read")
        return tuple(found)

    def late(self, since_s: float) -> tuple[tuple[str, float], ...]:
        """Pages and workers that were at work already when they were first watched, at or after
        `since_s` (Unix time): their addresses, and when that was. What they sent before is unseen.
        """
        with self._lock:
            return tuple(each for each in self._late if each[1] >= since_s)

    @property
    def ended(self) -> str:
        """Why it sees nothing any more; empty while it does."""
        return self._connection.closed

    def close(self) -> None:
        """Let go of the pages; never raises."""
        self._connection.close()

    def _heard(self, session: str, method: str, params: Mapping[str, Any]) -> None:
        if method == "Target.attachedToTarget":
            self._attached(params["sessionId"], params["targetInfo"])
            self._note_late(params["targetInfo"], params.get("waitingForDebugger", False))
            return
        if method == "Fetch.requestPaused":
            on = {"requestId": params["requestId"]}
            self._connection.send("Fetch.continueRequest", on, session)
            params = {**params, "heard_s": self._clock.wall()}
        elif not method.startswith("Network."):
            return
        self._heard_s = self._clock.now()
        with self._lock:
            wanted = self._log.take(session, method, params)
        if wanted is not None:
            self._ask(wanted)

    def _attached(self, session: str, target: Mapping[str, Any]) -> None:
        """Network first, then whatever it opens, then let it run: in the order of their sending."""
        kind, what = target["type"], f"a {target['type']} ({target['url']})"
        if kind in WATCHED:
            self._connection.send("Network.enable", NETWORK, session, partial(self._enabled, what))
            for method, params in STACKS:
                self._connection.send(method, params, session)
        if kind in LEFT:
            self._connection.send("Fetch.enable", None, session, partial(self._paused, what))
        self._connection.send("Target.setAutoAttach", ATTACH, session)
        self._connection.send("Runtime.runIfWaitingForDebugger", None, session)

    def _all_listed(self, result: Mapping[str, Any], error: Mapping[str, Any]) -> None:
        self._listed = True

    def _note_late(self, target: Mapping[str, Any], waiting: bool) -> None:
        if waiting or target["type"] not in WATCHED or target["url"] in EMPTY:
            return
        at_s = self._clock.wall() if self._listed else self._begun_s
        with self._lock:
            self._late.append((target["url"], at_s))

    def _enabled(self, what: str, result: Mapping[str, Any], error: Mapping[str, Any]) -> None:
        with self._lock:
            if error:
                self._refused.add(f"no network events of {what}")
            else:
                self.watched += 1

    def _paused(self, what: str, result: Mapping[str, Any], error: Mapping[str, Any]) -> None:
        if error:
            with self._lock:
                self._refused.add(f"not seen: what {what} sends while it is left")

    def _ask(self, wanted: Wanted) -> None:
        def answered(result: Mapping[str, Any], error: Mapping[str, Any]) -> None:
            if "postData" not in result:
                return  # the exchange says of itself that its body is missing
            text = result["postData"]
            encoded = result.get("base64Encoded", False)
            data = base64.b64decode(text) if encoded else text.encode("utf-8", "surrogatepass")
            with self._lock:
                self._log.body(wanted, data)

        asked = {"requestId": wanted.request}
        self._connection.send("Network.getRequestPostData", asked, wanted.session, answered)
