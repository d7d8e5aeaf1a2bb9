"""What needs device, agent and screen together: starting the app, typing, submitting.

Input: a device, its screen, the agent's ways in. Output: what `launch`, `typing` and `submit` give.
One object for the runner, so that it holds no knowledge of how these are put together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from harness.clock import Clock
from harness.device import typing as typing_room
from harness.device.device import Device
from harness.device.launch import ATTACH_TIMEOUT_S, Agents, Launched, Resumable, launch
from harness.device.permissions import Granted, set_permissions
from harness.device.screen import Screen
from harness.device.submit import SubmittingSession, submit_search
from harness.device.typing import Typed
from harness.device.web_pages import WatchedPages, watch_pages
from harness.errors import BugError


class Style(Protocol):
    """How to type; see `harness.scenario.model.Typing`."""

    @property
    def method(self) -> str: ...
    @property
    def per(self) -> str: ...
    @property
    def delay_ms(self) -> int: ...


S = TypeVar("S", bound=Resumable)


class Hands(Generic[S]):
    """Everything a scenario does to the app that is more than one command."""

    def __init__(self, device: Device, screen: Screen, agents: Agents[S], clock: Clock) -> None:
        self._device = device
        self._screen = screen
        self._agents = agents
        self._clock = clock

    def launch(
        self,
        package: str,
        *,
        clear_state: bool,
        stop_app: bool,
        permissions: Iterable[tuple[str, str]],
    ) -> Launched[S]:
        """See `harness.device.launch.launch`."""
        return launch(
            self._device,
            package,
            agents=self._agents,
            clock=self._clock,
            clear_state=clear_state,
            stop_app=stop_app,
            permissions=permissions,
        )

    def attach(self, pid: int, process: str) -> S:
        """Put an agent into a further process of the app. Raises LabError."""
        return self._agents.attach(
            self._device.serial,
            pid,
            process=process,
            adb_port=self._device.adb.server.port,
            clock=self._clock,
            timeout_s=ATTACH_TIMEOUT_S,
        )

    def watch_pages(self, pid: int) -> WatchedPages | None:
        """See `harness.device.web_pages`."""
        return watch_pages(self._device.adb, pid, self._clock)

    def set_permissions(self, package: str, permissions: Iterable[tuple[str, str]]) -> Granted:
        """See `harness.device.permissions`."""
        requested = self._device.app_info(package).requested
        return set_permissions(self._device, package, permissions, requested)

    def type_text(self, session: object | None, text: str, typing: Style) -> Typed:
        """See `harness.device.typing.type_text`."""
        return typing_room.type_text(
            self._device,
            _typing(session),
            text,
            clock=self._clock,
            method=str(typing.method),
            per=str(typing.per),
            delay_ms=typing.delay_ms,
        )

    def erase(self, session: object | None, count: int | None) -> None:
        """See `harness.device.typing.erase`."""
        typing_room.erase(self._device, _typing(session), count, clock=self._clock)

    def submit_search(self, session: object | None) -> str:
        """See `harness.device.submit.submit_search`."""
        return submit_search(self._device, _typing(session), self._screen, clock=self._clock)


def _typing(session: object | None) -> SubmittingSession | None:
    """The runner hands back what `launch` gave it, knowing less of it."""
    if session is None or isinstance(session, SubmittingSession):
        return session
    raise BugError("this session cannot type", seen=type(session).__name__)
