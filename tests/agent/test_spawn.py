"""Starting an app under Frida, with small stand-ins for Frida's objects.

The virtual device cannot do it; on a phone the process is held before it has any app in it, so that
the agent gets ready only after `resume`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import frida
import pytest

from harness.agent import session as module
from harness.agent.session import AgentSession, SpawnUnsupported
from harness.errors import LabError
from tests.fakes.clock import FakeClock

READY = {"type": "ready", "v": 1, "runtime": "art", "pid": 77, "hooks": []}


class FakeScript:
    def __init__(self, phone: FakePhone) -> None:
        self._phone = phone
        self.exports_sync = SimpleNamespace(
            ping=lambda: 0,
            start=self._start,
            self_check=lambda token: [],
            flush=lambda: {"seq": 0, "dropped": 0},
        )

    def on(self, signal: str, callback: Callable[[object, bytes | None], None]) -> None:
        assert signal == "message"
        self._phone.ready = lambda: callback({"type": "send", "payload": READY}, None)

    def _start(self, options: object) -> bool:
        if self._phone.running:
            self._phone.ready()
        return self._phone.running

    def load(self) -> None: ...

    def unload(self) -> None: ...


class FakePhone:
    """An endpoint, its device, and the session of its one process."""

    def __init__(self, *, spawns: bool = True, gets_ready: bool = True) -> None:
        self._spawns = spawns
        self._gets_ready = gets_ready
        self.device = self
        self.running = False
        self.closed = False
        self.ready: Callable[[], None] = lambda: None

    def spawn(self, package: str) -> int:
        if not self._spawns:
            raise frida.NotSupportedError("not supported")
        return 77

    def attach(self, pid: int) -> FakePhone:
        return self

    def resume(self, pid: int) -> None:
        self.running = True
        if self._gets_ready:
            self.ready()

    def on(self, signal: str, callback: object) -> None:
        assert signal == "detached"

    def create_script(self, source: str, name: str) -> FakeScript:
        return FakeScript(self)

    def detach(self) -> None: ...

    def close(self) -> None:
        self.closed = True


def spawned(monkeypatch: pytest.MonkeyPatch, phone: FakePhone) -> AgentSession:
    monkeypatch.setattr(module, "open_endpoint", lambda serial, port, timeout_s: phone)
    monkeypatch.setattr(module, "agent_source", lambda: "")
    return AgentSession.spawn("emulator-5554", "org.app", adb_port=1, clock=FakeClock())


def test_the_process_runs_on_before_the_hooks_can_be_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = FakePhone()
    session = spawned(monkeypatch, phone)
    assert not phone.running
    session.resume()
    assert phone.running
    assert not phone.closed
    session.close()
    assert phone.closed


def test_hooks_that_do_not_come_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    session = spawned(monkeypatch, FakePhone(gets_ready=False))
    with pytest.raises(LabError, match="did not become ready"):
        session.resume()


def test_a_device_that_cannot_spawn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = FakePhone(spawns=False)
    with pytest.raises(SpawnUnsupported):
        spawned(monkeypatch, phone)
    assert phone.closed


def test_a_process_without_an_app_cannot_be_attached_to(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = FakePhone()
    monkeypatch.setattr(module, "open_endpoint", lambda serial, port, timeout_s: phone)
    monkeypatch.setattr(module, "agent_source", lambda: "")
    with pytest.raises(LabError, match="cannot attach"):
        AgentSession.attach("emulator-5554", 77, process="zygote", adb_port=1, clock=FakeClock())
    assert phone.closed
