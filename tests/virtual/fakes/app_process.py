"""A process without a JVM: answers like `AppProcess`, for tests in which the framework is nothing.

It keeps what was asked of it in `calls`, reports its activity as the real one does, and stands at
the gate when it is bound with `wait_for_debugger`. Faults on demand: `fail` maps a method's name to
the exception it raises.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence

from harness.virtual.host import (
    ActivityState,
    AppSpec,
    DebuggerWait,
    Event,
    Exited,
    Focus,
    ImeState,
    IntentSpec,
    LogRecord,
    MemoryInfo,
    StartResult,
    WindowInfo,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"not a picture"
XML = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
    b'<hierarchy rotation="0"></hierarchy>'
)
_pids = itertools.count(100_001)


class FakeApp:
    def __init__(self) -> None:
        self.pid = next(_pids)
        self.alive = True
        self.spec: AppSpec | None = None
        self.calls: list[tuple[object, ...]] = []
        self.fail: dict[str, Exception] = {}
        self.hang = False
        self._listeners: list[Callable[[Event], None]] = []
        self._gate = asyncio.Event()
        self._component = ""
        self.services: set[str] = set()

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        self._listeners.append(listener)

    def say(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)

    def log(self, tag: str, message: str) -> None:
        self.say(LogRecord(time.time_ns() // 1_000_000, self.pid, self.pid, 4, tag, message))

    def _called(self, name: str, *arguments: object) -> None:
        self.calls.append((name, *arguments))
        if name in self.fail:
            raise self.fail[name]

    async def bind(self, spec: AppSpec) -> None:
        self.spec = spec
        self._called("bind", spec.package)
        if spec.wait_for_debugger:
            self.say(DebuggerWait(spec.package))
            await self._gate.wait()

    async def debugger_attached(self) -> None:
        self._called("debugger_attached")
        self._gate.set()

    async def start_activity(
        self, intent: IntentSpec | None = None, timeout_s: float = 30.0
    ) -> StartResult:
        component = intent.component if intent else self._component
        self._called("start_activity", component)
        again = component == self._component
        self._component = component
        self.say(ActivityState(component, "resumed", 12))
        return StartResult(component, "HOT" if again else "COLD", 12, again)

    async def tap(self, x: float, y: float) -> None:
        self._called("tap", x, y)

    async def swipe(
        self, x1: float, y1: float, x2: float, y2: float, duration_ms: int = 300
    ) -> None:
        self._called("swipe", x1, y1, x2, y2, duration_ms)

    async def text(self, text: str) -> None:
        self._called("text", text)

    async def key_events(self, codes: Sequence[int], long_press: bool = False) -> None:
        self._called("key_events", tuple(codes), long_press)

    async def dump_hierarchy(self, compressed: bool = False) -> bytes:
        self._called("dump_hierarchy", compressed)
        return XML

    async def screenshot(self) -> bytes:
        self._called("screenshot")
        return PNG

    async def home(self) -> None:
        self._called("home")
        if self.hang:
            await asyncio.Event().wait()
        self.say(ActivityState(self._component, "stopped", None))

    async def back(self) -> None:
        self._called("back")
        self.say(ActivityState(self._component, "destroyed", None))
        self._component = ""

    async def focus(self) -> Focus:
        return Focus(self._component, self._component)

    async def windows(self) -> list[WindowInfo]:
        return []

    async def ime_state(self) -> ImeState:
        package = self.spec.package if self.spec else ""
        return ImeState(True, True, package, f"{package}:id/search", 1, 3, "Suche")

    async def memory(self, collect: bool = False) -> MemoryInfo:
        return MemoryInfo(1, 2, 340 * 1024 * 1024)

    async def broadcast(self, intent: IntentSpec) -> None:
        self._called("broadcast", intent.action)

    async def start_service(self, intent: IntentSpec) -> str:
        self._called("start_service", intent.component)
        self.services.add(intent.component)
        return "" if "Absent" in intent.component else intent.component

    async def stop_service(self, intent: IntentSpec) -> bool:
        self._called("stop_service", intent.component)
        ran = intent.component in self.services
        self.services.discard(intent.component)
        return ran

    async def set_permission(self, name: str, granted: bool) -> None:
        self._called("set_permission", name, granted)

    async def terminate(self) -> None:
        if self.alive:
            self._called("terminate")
            self.alive = False
            self.say(Exited(0))

    async def kill(self) -> None:
        if self.alive:
            self._called("kill")
            self.alive = False
            self.say(Exited(-9))


class FakeSource:
    """Hands out fresh fakes; `made` keeps them in order."""

    def __init__(self) -> None:
        self.made: list[FakeApp] = []
        self.error: Exception | None = None

    async def take(self) -> FakeApp:
        if self.error is not None:
            raise self.error
        app = FakeApp()
        self.made.append(app)
        return app
