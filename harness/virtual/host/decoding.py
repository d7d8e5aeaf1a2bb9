"""JSON of the app process into the values of `model`, and back.

The only place that knows the key names of the wire; the Java side writes the same names. Raises
`KeyError`, `TypeError` or `ValueError` when the process says something that is not in the table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.virtual.host.model import (
    ActivityState,
    AppSpec,
    Attempt,
    Crash,
    DebuggerWait,
    Event,
    Focus,
    ImeState,
    IntentSpec,
    LogRecord,
    MemoryInfo,
    ServiceState,
    StartResult,
    WindowInfo,
)

Json = dict[str, Any]


def app_arguments(spec: AppSpec) -> Json:
    """Arguments of the command `bind`."""
    return {
        "package": spec.package,
        "apk": str(spec.apk),
        "app_jar": str(spec.app_jar),
        "data_dir": str(spec.data_dir),
        "permissions": list(spec.permissions),
        "wait_for_debugger": spec.wait_for_debugger,
        "locale": spec.locale,
        "width_dp": spec.display.width_dp,
        "height_dp": spec.display.height_dp,
        "density_dpi": spec.display.density_dpi,
        "uid": spec.uid,
        "android_id": spec.android_id,
        "installer": spec.installer,
        "settings": dict(spec.settings),
        "properties": dict(spec.properties),
        "split_apks": [str(split.apk) for split in spec.splits],
        "split_jars": [str(split.app_jar) for split in spec.splits],
    }


def intent_arguments(intent: IntentSpec) -> Json:
    """Arguments of the commands that take an intent."""
    return {
        "component": intent.component,
        "action": intent.action,
        "data": intent.data,
        "type": intent.type,
        "categories": list(intent.categories),
        "extras": dict(intent.extras),
        "flags": intent.flags,
    }


def start_result(result: Json) -> StartResult:
    return StartResult(
        component=result["component"],
        launch_state=result["launch_state"],
        total_time_ms=result["total_time_ms"],
        brought_to_front=result["brought_to_front"],
    )


def window_info(entry: Json) -> WindowInfo:
    left, top, right, bottom = entry["bounds"]
    return WindowInfo(
        title=entry["title"],
        component=entry["component"],
        bounds=(left, top, right, bottom),
        focused=entry["focused"],
        visible=entry["visible"],
        is_dialog=entry["is_dialog"],
    )


def focus(result: Json) -> Focus:
    return Focus(window_title=result["window_title"], component=result["component"])


def ime_state(result: Json) -> ImeState:
    return ImeState(
        active=result["active"],
        shown=result["shown"],
        package=result["package"],
        field_id=result["field_id"],
        input_type=result["input_type"],
        ime_options=result["ime_options"],
        hint=result["hint"],
    )


def service_state(entry: Json) -> ServiceState:
    return ServiceState(component=entry["component"], started=entry["started"])


def memory_info(result: Json) -> MemoryInfo:
    return MemoryInfo(
        heap_used_bytes=result["heap_used_bytes"],
        heap_committed_bytes=result["heap_committed_bytes"],
        resident_bytes=result["resident_bytes"],
    )


def _log(header: Json) -> Event:
    return LogRecord(
        wall_ms=header["wall_ms"],
        pid=header["pid"],
        tid=header["tid"],
        priority=header["priority"],
        tag=header["tag"],
        message=header["message"],
    )


def _activity(header: Json) -> Event:
    return ActivityState(header["component"], header["state"], header["display_ms"])


def _waiting(header: Json) -> Event:
    return DebuggerWait(header["package"])


def _attempt(header: Json) -> Event:
    return Attempt(header["kind"], header["target"], header["trace"])


def _crash(header: Json) -> Event:
    return Crash(header["thread"], header["exception"], header["trace"])


_EVENTS: dict[str, Callable[[Json], Event]] = {
    "log": _log,
    "activity": _activity,
    "waiting": _waiting,
    "attempt": _attempt,
    "crash": _crash,
}


def event(header: Json) -> Event:
    """The event that a header with the key `event` announces."""
    return _EVENTS[header["event"]](header)
