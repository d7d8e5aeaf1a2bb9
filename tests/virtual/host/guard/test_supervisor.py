"""A supervisor that gets no listener; with one it is tested in `tests/virtual/containment`."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from harness.virtual.host.guard import Attempted, Policy, Supervisor


@pytest.mark.parametrize(
    ("said", "reason"),
    [(b"Operation not permitted", "Operation not permitted"), (b"", "before it was contained")],
)
def test_a_kernel_without_filters(said: bytes, reason: str) -> None:
    ours, theirs = socket.socketpair()
    reports: list[Attempted] = []
    supervisor = Supervisor(Policy(set(), Path("/java")), ours, reports.append)
    supervisor.start()
    theirs.sendall(said)
    theirs.close()
    supervisor.join(10)
    assert reason in supervisor.refused
    assert not supervisor.armed.is_set()
    assert reports == []
