"""What the hooks cost an app on HotSpot, and how much they can tell in a second.

Output: microseconds that a hooked call costs more than the same call without hooks, without and
with a stack; slow-down of OkHttp requests; events and bytes a second that reach the harness, none
lost; the time until the agent is ready. The app is the target of `tests/agent`; the servers are its
local ones. Each figure with hooks stands beside the same process without them.
"""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from harness.agent.session import AgentSession
from harness.clock import Deadline, SystemClock
from tests.agent import servers
from tests.agent.portal import Portal, portal
from tests.agent.target import Target, running
from tests.bench.figures import Figure, Goal, at_least, at_most, result

ATTACH_TIMEOUT_S = 90
FLUSH_TIMEOUT_S = 120
CALLS = 3_000
REQUESTS = 1_000
ROUNDS = 2
EVENTS = 40_000
POSTS = 1_000
POST_BYTES = 64 << 10


def run() -> dict[str, Any]:
    """See the module's docstring."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        tls = servers.certificate(Path(folder))
        plain = stack.enter_context(servers.serving(servers.http()))
        secure = stack.enter_context(servers.serving(servers.http(), tls))
        local = stack.enter_context(portal())
        urls = (f"http://127.0.0.1:{plain}/", f"https://localhost:{secure}/")
        with running("okhttp-4") as target:
            figures = [
                *_calls(local, target),
                *(_slow_down(local, target, f"{url}far", at_most(15)) for url in urls),
                *(_slow_down(local, target, f"{url}near", None) for url in urls),
                *_rates(local, target, f"{urls[0]}posts"),
            ]
    return result(figures)


@contextmanager
def _hooked(local: Portal, target: Target) -> Iterator[tuple[AgentSession, float]]:
    """A session in the target and the seconds until it was ready."""
    local.join(target.pid)
    began = time.monotonic()
    deadline = Deadline.after(SystemClock(), ATTACH_TIMEOUT_S)
    session = AgentSession.through(local.endpoint(), target.pid, process="bench", deadline=deadline)
    try:
        yield session, time.monotonic() - began
    finally:
        session.close()


def _nanoseconds(target: Target, *command: str) -> list[int]:
    answer = target.tell(*command)
    assert answer.startswith("ok "), answer
    return [int(word) for word in answer.split()[1:]]


@contextmanager
def _receiver() -> Iterator[str]:
    """A UDP address where nobody reads: what does not fit is dropped by the kernel."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{server.getsockname()[1]}"


def _calls(local: Portal, target: Target) -> list[Figure]:
    with _receiver() as address:

        def measured() -> tuple[float, float]:
            lookups = _nanoseconds(target, "literals", "-", str(CALLS))
            sendings = _nanoseconds(target, "burst", address, f"{CALLS} x")
            return median(lookups) / 1000, median(sendings) / 1000

        measured()
        bare, sent = measured()
        with _hooked(local, target) as (_, ready_s):
            measured()
            hooked, told = measured()
    return [
        Figure("agent ready, attaching and self-check included", "ms", (ready_s * 1000,)),
        Figure("a hooked call that tells nothing", "us", (hooked - bare,), at_most(50)),
        Figure("a hooked call with its stack and an event", "us", (told - sent,), at_most(120)),
    ]


def _slow_down(local: Portal, target: Target, url: str, goal: Goal | None) -> Figure:
    """By the quickest of some rounds each: what else the machine does only adds.

    `far` answers after the time that a quick server of the internet takes; `near` at once, in less
    time than any network needs, which shows what a request costs and no app will see.
    """

    def quickest() -> int:
        return min(_nanoseconds(target, "timed", url, str(REQUESTS))[0] for _ in range(ROUNDS))

    quickest()
    bare = quickest()
    with _hooked(local, target):
        hooked = quickest()
    share = 100 * (hooked - bare) / bare
    scheme, _, rest = url.partition(":")
    name = f"slow-down of {REQUESTS} OkHttp requests, {scheme}, {rest.rpartition('/')[2]} server"
    cost_us, bare_us = (hooked - bare) / 1e3 / REQUESTS, bare / 1e3 / REQUESTS
    return Figure(name, "%", (share,), goal, f"{cost_us:.0f} us more than {bare_us:.0f}")


def _rates(local: Portal, target: Target, url: str) -> list[Figure]:
    with _receiver() as address, _hooked(local, target) as (session, _):
        began = time.monotonic()
        target.tell("burst", address, f"{EVENTS} event")
        assert session.flush(FLUSH_TIMEOUT_S)
        events_s = time.monotonic() - began
        found = [each for each in session.exchanges() if each.request.body.data == b"event"]
        assert len(found) == EVENTS, len(found)
        began = time.monotonic()
        target.tell("posts", url, f"{POSTS} {POST_BYTES}")
        assert session.flush(FLUSH_TIMEOUT_S)
        posts_s = time.monotonic() - began
        report = session.report()
        assert (report.lost, report.errors) == (0, ())
    megabytes = 2 * POSTS * POST_BYTES / 1e6  # each body is seen by two layers
    return [
        Figure("small events", "events/s", (EVENTS / events_s,), at_least(15_000)),
        Figure("64 KB bodies", "MB/s", (megabytes / posts_s,), at_least(100)),
    ]
