"""What can go wrong between the device and an app process, as errors that name a remedy."""

from __future__ import annotations

from harness.errors import LabError


class HostError(LabError):
    """Root of this folder's errors."""


class HostGone(HostError):
    """The process ended before it answered."""


class HostTimeout(HostError):
    """No answer in time: the app's main thread is busy (Android would say ANR)."""


class CommandFailed(HostError):
    """The process answered that the command cannot be done.

    `kind` is machine-readable: `no_such_activity`, `no_window`, `not_idle`, `bad_text`,
    `no_app`, `already_bound`, `unknown_command`, `bad_argument`, `main_thread_busy`,
    `security`, `internal`.
    """

    def __init__(self, kind: str, what: str, *, where: str = "", seen: str = "") -> None:
        self.kind = kind
        super().__init__(what, where=where, seen=seen)
