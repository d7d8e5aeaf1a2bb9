"""What is asked when an activity is to be started, and what can become of it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.virtual.host import IntentSpec


class NoSuchActivity(Exception):
    """The component is not in the manifest, or the package is not installed."""


class NotStarted(Exception):
    """The process ended, hung or refused while it was to show an activity."""

    def __init__(self, reason: str, *, timeout: bool = False) -> None:
        self.timeout = timeout
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Start:
    """One request to start an activity.

    Attributes:
        package: whose process.
        intent: with a resolved component.
        debug: wait for a debugger before the first line of the app.
        stop_first: force-stop the package before.
    """

    package: str
    intent: IntentSpec
    debug: bool = False
    stop_first: bool = False
