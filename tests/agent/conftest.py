"""Fixtures: local servers and a hooked JVM for each OkHttp, shared by the module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.agent.session import AgentSession
from harness.clock import Deadline, SystemClock
from harness.traffic.exchange import Exchange
from tests.agent import servers
from tests.agent.portal import Portal, portal
from tests.agent.target import Target, running

ATTACH_TIMEOUT_S = 90
FLUSH_TIMEOUT_S = 60


@dataclass
class Net:
    """Addresses of the local servers."""

    http: str
    https: str
    two: str
    chat: str
    raw: str
    raw_tls: str


@dataclass
class Hooked:
    """A target with the agent in it."""

    target: Target
    session: AgentSession
    net: Net
    reads_answers: bool = True

    def seen(self, path: str) -> list[Exchange]:
        """Everything recorded whose URL or body has `path`."""
        assert self.session.flush(FLUSH_TIMEOUT_S)
        return [
            exchange
            for exchange in self.session.exchanges()
            if path in exchange.request.url or path.encode() in exchange.request.body.data
        ]

    def only(self, path: str) -> Exchange:
        found = self.seen(path)
        assert len(found) == 1, found
        return found[0]


@pytest.fixture(scope="session")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Net]:
    tls = servers.certificate(tmp_path_factory.mktemp("tls"))
    with ExitStack() as stack:

        def serve(server: servers.socketserver.BaseServer, secure: bool = False) -> int:
            return stack.enter_context(servers.serving(server, tls if secure else None))

        yield Net(
            http=f"http://127.0.0.1:{serve(servers.http())}",
            https=f"https://localhost:{serve(servers.http(), secure=True)}",
            two=f"http://127.0.0.1:{serve(servers.tcp(servers.Http2))}",
            chat=f"ws://127.0.0.1:{serve(servers.tcp(servers.Chat))}",
            raw=f"127.0.0.1:{serve(servers.tcp(servers.Raw))}",
            raw_tls=f"tls:localhost:{serve(servers.tcp(servers.Raw), secure=True)}",
        )


@pytest.fixture(scope="session")
def local() -> Iterator[Portal]:
    with portal() as made:
        yield made


def attached(
    local: Portal, target: Target, process: str = "target", without: Sequence[str] = ()
) -> AgentSession:
    local.join(target.pid)
    deadline = Deadline.after(SystemClock(), ATTACH_TIMEOUT_S)
    return AgentSession.through(
        local.endpoint(), target.pid, process=process, deadline=deadline, without=without
    )


@pytest.fixture(scope="module", params=["okhttp-3", "okhttp-4", "okhttp-5"])
def hooked(request: pytest.FixtureRequest, net: Net, local: Portal) -> Iterator[Hooked]:
    with running(request.param) as target:
        session = attached(local, target)
        # Before 3.14 nothing tied an answer's bytes to its request.
        yield Hooked(target, session, net, reads_answers=request.param != "okhttp-3")
        session.close()


@pytest.fixture(scope="session")
def here() -> Path:
    return Path(__file__).parent
