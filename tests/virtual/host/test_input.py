"""Touches and keys."""

from __future__ import annotations

import pytest

from harness.virtual.host import (
    CommandFailed,
)

from .conftest import (
    MAIN,
    PACKAGE,
    Probe,
    bounds,
    node,
)

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]

KEYCODE_BACK = 4
KEYCODE_ENTER = 66
KEYCODE_DEL = 67


def test_a_tap_clicks_and_a_long_press_does_not(probe: Probe) -> None:
    probe.tap("unnamed")
    assert probe.status() == "unnamed"
    left, top, right, bottom = bounds(probe.dump(), "second")
    x, y = (left + right) / 2, (top + bottom) / 2
    probe.run(probe.process.swipe(x, y, x, y, 900))
    assert probe.status() == "long second"
    assert probe.run(probe.process.focus()).component == MAIN


def test_typing_by_keys(probe: Probe) -> None:
    assert not probe.run(probe.process.ime_state()).shown
    probe.tap("field")
    state = probe.run(probe.process.ime_state())
    assert (state.active, state.shown) == (True, True)
    assert state.field_id == f"{PACKAGE}:id/field"
    assert state.ime_options & 0xFF == 3  # IME_ACTION_SEARCH
    assert state.hint == "type here"
    probe.run(probe.process.text("Hepatitis B? (100%) ~ 'a' \"_\""))
    text = node(probe.dump(), "field")["text"]
    assert text == "Hepatitis B? (100%) ~ 'a' \"_\""
    assert node(probe.dump(), "field")["focused"] == "true"
    probe.run(probe.process.key_events([KEYCODE_DEL, KEYCODE_ENTER]))
    assert probe.status() == "submitted Hepatitis B? (100%) ~ 'a' \"_"


def test_what_has_no_key_fails_as_on_android(probe: Probe) -> None:
    probe.tap("field")
    with pytest.raises(CommandFailed) as caught:
        probe.run(probe.process.text("hépatite"))
    assert caught.value.kind == "bad_text"
    assert caught.value.what == (
        "java.lang.NullPointerException: Attempt to get length of null array"
    )
    assert node(probe.dump(), "field")["text"] == "type here"


def test_back_hides_the_keyboard_first(probe: Probe) -> None:
    probe.tap("field")
    probe.run(probe.process.key_events([KEYCODE_BACK]))
    state = probe.run(probe.process.ime_state())
    assert (state.active, state.shown) == (True, False)
    assert probe.run(probe.process.focus()).component == MAIN
