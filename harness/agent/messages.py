"""What the agent tells besides its events, as values: batches, readiness, faults, its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.traffic.exchange import Layer

from .events import HookEvent

HookState = Literal["installed", "missing", "failed"]
Runtime = Literal["art", "jvm"]


@dataclass(frozen=True, slots=True)
class HookStatus:
    """What became of one row of the agent's hook tables.

    Attributes:
        layer: a capture layer, or `origin` (work across threads) or `input` (typing).
        target: the hooked method.
        detail: why it is missing or failed.
    """

    layer: str
    target: str
    state: HookState
    detail: str


@dataclass(frozen=True, slots=True)
class Batch:
    events: tuple[HookEvent, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    runtime: Runtime
    pid: int
    hooks: tuple[HookStatus, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong inside the agent."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class AgentState:
    """Answer to `report`: what the hooks did so far, by the agent's own account."""

    runtime: Runtime
    pid: int
    hooks: tuple[HookStatus, ...]
    fired: tuple[tuple[str, int], ...]
    seq: int
    dropped: int
    native: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedWay:
    """A way out of the app that the self-check tried; `detail` says why nothing was sent."""

    layer: Layer
    way: str
    sent: bool
    detail: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What became of the self-check of one way; `seen`: its request is in that layer's record."""

    layer: Layer
    way: str
    sent: bool
    seen: bool
    detail: str


@dataclass(frozen=True, slots=True)
class SdkFlush:
    """What became of an SDK's own flush: how many of its objects were asked, or its error."""

    sdk: str
    asked: int
    error: str


@dataclass(frozen=True, slots=True)
class FocusedField:
    """The text field that has the input focus. `class_name` is that of the view."""

    text: str
    hint: str
    class_name: str
    password: bool
    resource_id: str


@dataclass(frozen=True, slots=True)
class AgentReport:
    """All that is known of one agent's work.

    Attributes:
        contract: version of the messages.
        hooks: state of every row of the hook tables that is meant for this runtime.
        fired: how often each installed hook was called, as far as the agent could still be asked.
        lost: events that never arrived (gaps in the sequence) or that the agent dropped.
        errors: faults of the agent and messages that were refused, each once.
        detached: why there is no connection to the agent any more; empty while there is.
        checks: what became of our own requests, sent when the hooks were in force.
        native: the app's own native libraries that can send past the hooks.
    """

    contract: int
    runtime: Runtime
    process: str
    pid: int
    hooks: tuple[HookStatus, ...]
    fired: tuple[tuple[str, int], ...]
    lost: int
    errors: tuple[str, ...]
    detached: str
    checks: tuple[SelfCheck, ...] = ()
    native: tuple[str, ...] = ()
