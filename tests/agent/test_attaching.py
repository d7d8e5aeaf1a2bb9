"""What Frida refuses is said with the remedy; test_session and test_spawn drive the ways in."""

from __future__ import annotations

import frida
import pytest

from harness.agent.attaching import attached, unattached
from harness.agent.devices import Endpoint
from harness.clock import Deadline
from harness.errors import LabError
from tests.fakes.clock import FakeClock


def test_what_was_seen_and_where() -> None:
    error = unattached("org.example", 7, frida.PermissionDeniedError("no ptrace"))
    assert (error.where, error.seen) == ("org.example (pid 7)", "no ptrace")
    assert "doctor" in error.action


def test_what_passes_by_itself_is_tried_until_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint, clock = Endpoint(1), FakeClock()
    tries = []

    class Device:
        def attach(self, pid: int) -> object:
            tries.append(pid)
            raise frida.ProcessNotFoundError("not yet")

    monkeypatch.setattr(endpoint, "device", Device())
    with pytest.raises(LabError, match="cannot attach"):
        attached(endpoint, 7, "org.example", Deadline.after(clock, 1.0))
    assert len(tries) > 3
    endpoint.close()
