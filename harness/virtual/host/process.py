"""The commands of one app process, typed.

Made by `HostPool.take` (or `AppProcess.spawn`). A fresh one is warm and has no app; `bind` makes it
the process of one app for good. All methods belong to the event loop that made the process. Every
call has a deadline and ends in an answer, `CommandFailed`, `HostTimeout` or `HostGone`; a process
whose main thread hangs still answers that it hangs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.virtual.host import decoding
from harness.virtual.host.channel import CALL_TIMEOUT_S, Channel
from harness.virtual.host.model import (
    AppSpec,
    Focus,
    ImeState,
    IntentSpec,
    MemoryInfo,
    ServiceState,
    StartResult,
    WindowInfo,
)

BIND_TIMEOUT_S = 60.0
QUIET_MS = 100


class AppProcess(Channel):
    """A running JVM with the Android framework in it."""

    _spec: AppSpec | None = None

    @property
    def spec(self) -> AppSpec | None:
        """The app this process was bound to, None while it is warm."""
        return self._spec

    async def bind(self, spec: AppSpec, timeout_s: float = BIND_TIMEOUT_S) -> None:
        """Become the process of `spec`; return when `Application.onCreate` has returned.

        With `wait_for_debugger` the event `DebuggerWait` comes first and this call stays
        pending until `debugger_attached`; the deadline then starts anew.
        """
        self._spec = spec
        self._label = spec.package
        await self.call("bind", decoding.app_arguments(spec), timeout_s=timeout_s)

    async def debugger_attached(self) -> None:
        """Open the gate of `wait_for_debugger`."""
        await self.call("debugger_attached")

    async def start_activity(
        self, intent: IntentSpec | None = None, timeout_s: float = CALL_TIMEOUT_S
    ) -> StartResult:
        """Start by component or action; no intent: the launcher activity.

        Returns when the activity has drawn its first frame. A task in the background comes to
        the front as on Android. Raises `CommandFailed("no_such_activity")`.
        """
        arguments = decoding.intent_arguments(intent or IntentSpec())
        answer = await self.call("start_activity", arguments, timeout_s=timeout_s)
        return decoding.start_result(answer.header["result"])

    async def tap(self, x: float, y: float) -> None:
        """Finger down and up at screen pixels, as `input tap`."""
        await self.call("input_tap", {"x": x, "y": y})

    async def swipe(
        self, x1: float, y1: float, x2: float, y2: float, duration_ms: int = 300
    ) -> None:
        """As `input swipe`; equal points make a long press. Returns after the last event."""
        arguments: dict[str, Any] = {
            "x1": x1,
            "y1": y1,
            "x2": x2,
            "y2": y2,
            "duration_ms": duration_ms,
        }
        await self.call("input_swipe", arguments, timeout_s=CALL_TIMEOUT_S + duration_ms / 1000)

    async def text(self, text: str) -> None:
        """Type by key events, as `input text` does after its own unescaping.

        Raises `CommandFailed("bad_text")`, whose message is Android's own trace, for characters
        that the virtual keyboard has no keys for.
        """
        await self.call("input_text", {"text": text})

    async def key_events(self, codes: Sequence[int], long_press: bool = False) -> None:
        """Key down and up for each `KeyEvent.KEYCODE_*`; HOME and BACK are the system's."""
        await self.call("input_keyevent", {"codes": list(codes), "long_press": long_press})

    async def dump_hierarchy(self, compressed: bool = False, quiet_ms: int = QUIET_MS) -> bytes:
        """The XML that `uiautomator dump` writes for the active window, UTF-8.

        It waits for `quiet_ms` without an accessibility event, at most ten seconds (AOSP's
        `uiautomator` wants 1000 ms; a process that nothing else disturbs needs less).

        Raises `CommandFailed`: `not_idle` or `no_window`.
        """
        arguments = {"compressed": compressed, "quiet_ms": quiet_ms}
        return (await self.call("dump_hierarchy", arguments)).blob

    async def screenshot(self) -> bytes:
        """A PNG of the whole screen, all visible windows on top of each other."""
        return (await self.call("screenshot")).blob

    async def home(self) -> None:
        """The HOME key: the task is paused and stopped, its windows are hidden."""
        await self.call("home")

    async def back(self) -> None:
        """The BACK key, to the focused window."""
        await self.call("back")

    async def focus(self) -> Focus:
        return decoding.focus((await self.call("focus_info")).header["result"])

    async def windows(self) -> list[WindowInfo]:
        result = (await self.call("windows")).header["result"]
        return [decoding.window_info(entry) for entry in result["windows"]]

    async def ime_state(self) -> ImeState:
        return decoding.ime_state((await self.call("ime_state")).header["result"])

    async def memory(self, collect: bool = False) -> MemoryInfo:
        """Memory in use; with `collect` after a full garbage collection."""
        answer = await self.call("memory", {"collect": collect})
        return decoding.memory_info(answer.header["result"])

    async def broadcast(self, intent: IntentSpec) -> None:
        """Deliver an intent to the app's receivers; returns when they were called."""
        await self.call("broadcast", decoding.intent_arguments(intent))

    async def start_service(self, intent: IntentSpec) -> str:
        """As `startService`; the component (`pkg/cls`), empty when the app has no such service."""
        answer = await self.call("start_service", decoding.intent_arguments(intent))
        return str(answer.header["result"]["component"])

    async def stop_service(self, intent: IntentSpec) -> bool:
        """As `stopService`; whether it ran."""
        answer = await self.call("stop_service", decoding.intent_arguments(intent))
        return bool(answer.header["result"]["ran"])

    async def services(self) -> list[ServiceState]:
        """Services that run, in the order of their creation."""
        result = (await self.call("services")).header["result"]
        return [decoding.service_state(entry) for entry in result["services"]]

    async def set_permission(self, name: str, granted: bool) -> None:
        """What `pm grant` and `pm revoke` change in a running process."""
        await self.call("set_permission", {"name": name, "granted": granted})
