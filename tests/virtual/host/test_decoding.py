"""The key names of the wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.virtual.host import decoding
from harness.virtual.host.model import (
    ActivityState,
    AppSpec,
    Crash,
    DebuggerWait,
    DisplayProfile,
    Event,
    IntentSpec,
    LogRecord,
)

LOG = {"wall_ms": 1, "pid": 2, "tid": 3, "priority": 4, "tag": "t", "message": "m"}
ACTIVITY = {"component": "a/b", "state": "resumed", "display_ms": 5}
CRASH = {"thread": "t", "exception": "e", "trace": "x"}


@pytest.mark.parametrize(
    ("header", "event"),
    [
        ({"event": "log", **LOG}, LogRecord(1, 2, 3, 4, "t", "m")),
        ({"event": "activity", **ACTIVITY}, ActivityState("a/b", "resumed", 5)),
        ({"event": "waiting", "package": "p"}, DebuggerWait("p")),
        ({"event": "crash", **CRASH}, Crash("t", "e", "x")),
    ],
)
def test_events(header: dict[str, object], event: Event) -> None:
    assert decoding.event(header) == event


@pytest.mark.parametrize("header", [{"event": "unheard of"}, {"event": "log"}])
def test_unknown_or_incomplete_events_are_refused(header: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        decoding.event(header)


def test_the_display_is_what_a_picture_measures() -> None:
    assert (DisplayProfile().width_px, DisplayProfile().height_px) == (822, 1782)


def test_arguments_hold_everything_of_the_spec() -> None:
    spec = AppSpec("p", Path("a.apk"), Path("a.jar"), Path("d"), permissions=("x",))
    arguments = decoding.app_arguments(spec)
    assert arguments["permissions"] == ["x"]
    assert arguments["locale"] == "de-DE"
    assert (arguments["width_dp"], arguments["height_dp"], arguments["density_dpi"]) == (
        411,
        891,
        320,
    )
    intent = decoding.intent_arguments(IntentSpec(component="p/.A", extras={"n": 1}))
    assert intent["component"] == "p/.A"
    assert intent["extras"] == {"n": 1}
