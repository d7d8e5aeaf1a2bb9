"""Submitting the focused search field.

Input: a device, the agent's session if there is one, the screen. Output: which way worked. A
hardware ENTER does not reach listeners that test for `IME_ACTION_SEARCH`, so the field's own editor
action comes first. Either counts only when the field loses focus or the screen changes.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from harness.clock import Clock, wait_until
from harness.device.device import KEY_ENTER
from harness.device.hierarchy import Hierarchy
from harness.device.readback import Reading
from harness.device.screen import NotFound, Screen
from harness.device.typing import TypingDevice, TypingSession, Typist
from harness.errors import LabError

TIMEOUT_S = 3.0
POLL_S = 0.1
SEARCH_ACTION = 3

EDITOR_ACTION, ENTER_KEY = "editor action", "enter key"


class SubmittingDevice(TypingDevice, Protocol):
    """What submitting needs of a device."""

    def keyevent(self, code: int) -> None: ...


@runtime_checkable
class SubmittingSession(TypingSession, Protocol):
    """What submitting needs of the agent."""

    def editor_action(self, action: int) -> bool: ...


def submit_search(
    device: SubmittingDevice, session: SubmittingSession | None, screen: Screen, *, clock: Clock
) -> str:
    """Submit; returns `editor action` or `enter key`.

    Raises:
        NotFound: neither changed anything.
    """
    typist = Typist(device, session, clock)
    obstacles = []
    for way in (EDITOR_ACTION, ENTER_KEY):
        before, held = screen.settle(), typist.read()

        def changed(before: Hierarchy = before, held: Reading | None = held) -> bool:
            now = typist.read()
            lost = held is not None and (now is None or now.field_id != held.field_id)
            return lost or device.hierarchy() != before

        obstacle = _act(way, device, session)
        if not obstacle and wait_until(clock, changed, TIMEOUT_S, POLL_S):
            return way
        obstacles.append(f"{way}: {obstacle or 'nothing changed'}")
    raise NotFound(
        "the search was not submitted",
        where=device.serial,
        seen="; ".join(obstacles),
        expected="the field loses the focus or the screen changes",
        action="tap the app's own search button instead (`- tapOn: ...`)",
    )


def _act(way: str, device: SubmittingDevice, session: SubmittingSession | None) -> str:
    """Do it; the reason if that was not possible."""
    try:
        if way == ENTER_KEY:
            device.keyevent(KEY_ENTER)
            return ""
        if session is None:
            return "no agent in the app"
        return "" if session.editor_action(SEARCH_ACTION) else "the field did not take it"
    except LabError as error:
        return error.what
