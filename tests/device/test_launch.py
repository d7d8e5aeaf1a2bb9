from __future__ import annotations

from typing import cast

import pytest

from harness.clock import Clock
from harness.device.adb import Adb
from harness.device.device import Device
from harness.device.launch import Launched, launch
from harness.errors import LabError
from tests.device.android import PACKAGE, AndroidAdb
from tests.device.scripted import FakeClock


class Session:
    def __init__(self, agents: Agents, pid: int, spawned: bool) -> None:
        self._agents = agents
        self.pid = pid
        self._spawned = spawned
        self.closed = False

    def resume(self) -> None:
        assert self._spawned
        self._agents.android.run()

    def close(self) -> None:
        self.closed = True


class Agents:
    """Stands for Frida; notes whether the app's own code had begun when it came in."""

    def __init__(self, android: AndroidAdb, *, spawns: bool = False, attaches: bool = True) -> None:
        self.android = android
        self._spawns = spawns
        self._attaches = attaches
        self.sessions: list[Session] = []
        self.early: list[bool] = []

    def spawn(self, serial: str, package: str, *, adb_port: int, clock: Clock) -> Session:
        if not self._spawns:
            raise LabError("this device cannot start an app under Frida", seen="not supported")
        self.android.start(debug=True)
        return self._session(self.android.pid or 0, spawned=True)

    def attach(
        self,
        serial: str,
        pid: int,
        *,
        process: str,
        adb_port: int,
        clock: Clock,
        timeout_s: float = 20,
    ) -> Session:
        assert (pid, process) == (self.android.pid, PACKAGE)
        if not self._attaches:
            raise LabError("no frida-server", action="start frida-server")
        return self._session(pid, spawned=False)

    def _session(self, pid: int, spawned: bool) -> Session:
        self.early.append(self.android.waiting)
        self.sessions.append(Session(self, pid, spawned))
        return self.sessions[-1]


def _launch(agents: Agents, **given: bool) -> Launched[Session]:
    device = Device(cast(Adb, agents.android), "adb")
    return launch(device, PACKAGE, agents=agents, clock=FakeClock(), **given)


def test_spawn_where_frida_can() -> None:
    agents = Agents(AndroidAdb(), spawns=True)
    launched = _launch(agents)
    assert (launched.strategy, launched.pid, agents.early) == ("spawn", agents.android.pid, [True])


def test_the_gate_where_it_cannot_spawn() -> None:
    agents = Agents(AndroidAdb())
    launched = _launch(agents, clear_state=True)
    assert launched.strategy == "debugger-gate"
    assert agents.early == [True], "the agent must be in before the app's first line"
    assert agents.android.released.is_set()
    assert launched.details[0] == "granted CAMERA"
    assert launched.details[1].startswith("spawn: this device cannot")
    ran = [line.split(" ")[:2] for line in agents.android.ran]
    order = [ran.index(words) for words in (["pm", "clear"], ["pm", "grant"], ["am", "force-stop"])]
    assert order == sorted(order)
    assert not any("-W" in line for line in agents.android.ran)


def test_late_when_the_app_cannot_be_debugged() -> None:
    agents = Agents(AndroidAdb(debuggable=False))
    launched = _launch(agents)
    assert (launched.strategy, agents.early) == ("attach-late", [False])
    assert "not debuggable" in launched.details[-1]


def test_an_app_that_goes_on_running_is_attached_to() -> None:
    android = AndroidAdb()
    android.start(debug=False)
    pid = android.pid
    launched = _launch(Agents(android, spawns=True), stop_app=False)
    assert launched.strategy == "attach-late"
    assert pid is not None
    assert not any("force-stop" in line for line in android.ran)


def test_without_an_agent_it_fails_once_and_leaves_nothing_running() -> None:
    agents = Agents(AndroidAdb(), attaches=False)
    with pytest.raises(LabError, match="cannot start") as caught:
        _launch(agents)
    assert caught.value.action == "start frida-server"
    assert "debugger-gate: no frida-server" in caught.value.seen
    assert "attach-late" not in caught.value.seen
    assert agents.android.pid is None


def test_a_crash_at_the_start_is_named() -> None:
    agents = Agents(AndroidAdb(crashes=True))
    with pytest.raises(LabError, match="crashed at its start") as caught:
        _launch(agents)
    assert "java.lang.IllegalStateException: boom" in caught.value.seen
    assert all(session.closed for session in agents.sessions)


def test_an_app_without_a_window_is_an_error() -> None:
    agents = Agents(AndroidAdb(hidden=True))
    with pytest.raises(LabError, match="cannot start") as caught:
        _launch(agents)
    assert "showed no window within 30 s" in caught.value.seen
    assert all(session.closed for session in agents.sessions)


def test_an_app_that_is_not_installed() -> None:
    device = Device(cast(Adb, AndroidAdb()), "adb")
    with pytest.raises(LabError, match=r"org\.example\.no is not installed"):
        launch(device, "org.example.no", agents=Agents(AndroidAdb()), clock=FakeClock())
