"""What happens in a run, as typed events.

Input: nothing. Output: frozen events that the runner hands to a sink as they happen; a started
thing is followed by its finished twin, whatever went wrong between. Texts are masked already
(`${env.X}` instead of a secret's value). Times are Unix seconds of the host.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class StepOutcome(StrEnum):
    OK = "ok"
    FAILED = "failed"
    WARNED = "warned"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ItemStarted:
    item: str
    term: str
    consent: str
    at_s: float


@dataclass(frozen=True, slots=True)
class StepStarted:
    """`number` counts all steps played, `depth` how many steps hold this one."""

    number: int
    kind: str
    place: str
    label: str
    depth: int
    at_s: float


@dataclass(frozen=True, slots=True)
class StepFinished:
    number: int
    kind: str
    outcome: StepOutcome
    detail: str
    at_s: float


@dataclass(frozen=True, slots=True)
class AppLaunched:
    package: str
    strategy: str
    pid: int
    at_s: float


@dataclass(frozen=True, slots=True)
class TextTyped:
    """`arrived` is what the field held afterwards."""

    method: str
    wanted: str
    arrived: str
    confirmed: bool
    at_s: float


@dataclass(frozen=True, slots=True)
class Marked:
    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """`answer` is `accept`, `reject` or `revoke`; `by` says what was tapped."""

    answer: str
    by: str
    at_s: float


@dataclass(frozen=True, slots=True)
class FlushStarted:
    kind: str
    at_s: float


@dataclass(frozen=True, slots=True)
class FlushFinished:
    """`quiet`: the app had stopped talking when the window closed."""

    quiet: bool
    waited_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class AppCrashed:
    detail: str
    at_s: float


@dataclass(frozen=True, slots=True)
class ItemFinished:
    item: str
    exchanges: int
    failed_steps: int
    at_s: float


Event: TypeAlias = (
    ItemStarted | StepStarted | StepFinished | AppLaunched | TextTyped | Marked | ConsentGiven
    | FlushStarted | FlushFinished | AppCrashed | ItemFinished
)  # fmt: skip

EventSink: TypeAlias = Callable[[Event], None]
