"""The process of one app: a JVM with the real Android framework, and the client that drives it."""

from __future__ import annotations

from harness.virtual.host.errors import CommandFailed, HostError, HostGone, HostTimeout
from harness.virtual.host.model import (
    ActivityState,
    AppSpec,
    Attempt,
    Crash,
    DebuggerWait,
    DisplayProfile,
    Event,
    Exited,
    Focus,
    HostRuntime,
    ImeState,
    IntentSpec,
    LogRecord,
    MemoryInfo,
    NetworkSettings,
    ServiceState,
    SplitSpec,
    StartResult,
    WindowInfo,
)
from harness.virtual.host.pool import HostPool
from harness.virtual.host.process import AppProcess

__all__ = [
    "ActivityState",
    "AppProcess",
    "AppSpec",
    "Attempt",
    "CommandFailed",
    "Crash",
    "DebuggerWait",
    "DisplayProfile",
    "Event",
    "Exited",
    "Focus",
    "HostError",
    "HostGone",
    "HostPool",
    "HostRuntime",
    "HostTimeout",
    "ImeState",
    "IntentSpec",
    "LogRecord",
    "MemoryInfo",
    "NetworkSettings",
    "ServiceState",
    "SplitSpec",
    "StartResult",
    "WindowInfo",
]
