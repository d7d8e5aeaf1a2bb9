"""`input`: what reaches the app, and Android's real failures (AOSP InputShellCommand.java)."""

from __future__ import annotations

import pytest

from harness.virtual.host import CommandFailed, HostGone, HostTimeout
from harness.virtual.shell.commands.inputs import unescaped
from tests.virtual.fakes.shell import PACKAGE, ShellRig

NULL_ARRAY = "java.lang.NullPointerException: Attempt to get length of null array"


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("input tap 10 20", ("tap", 10.0, 20.0)),
        ("input touchscreen tap 10.5 20", ("tap", 10.5, 20.0)),
        ("input swipe 1 2 3 4 500", ("swipe", 1.0, 2.0, 3.0, 4.0, 500)),
        ("input swipe 1 2 3 4", ("swipe", 1.0, 2.0, 3.0, 4.0, 300)),
        ("input text a%sb", ("text", "a b")),
        ("input keyevent 66", ("key_events", (66,), False)),
        ("input keyevent KEYCODE_ENTER", ("key_events", (66,), False)),
        ("input keyevent --longpress DEL", ("key_events", (67,), True)),
        ("cmd input keyevent 84", ("key_events", (84,), False)),
        ("input keyevent BACK", ("back",)),
        ("input keyevent 3", ("home",)),
    ],
)
def test_what_reaches_the_app(rig: ShellRig, line: str, call: tuple[object, ...]) -> None:
    rig.install()
    app = rig.start()
    done = rig(line)
    assert (done.out, done.err, done.code) == ("", "", 0)
    assert call in app.calls


def test_text_without_keys_is_androids_null_pointer(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    done = rig("input text hépatite")
    lines = done.err.splitlines()
    assert lines[:3] == ["", "Exception occurred while executing 'text':", NULL_ARRAY]
    assert lines[3].startswith("\tat com.android.server.input.InputShellCommand.sendText(")
    assert done.code == 255
    assert not [call for call in app.calls if call[0] == "text"]


def test_text_that_the_framework_refuses(rig: ShellRig) -> None:
    rig.install()
    rig.start().fail["text"] = CommandFailed("bad_text", NULL_ARRAY)
    assert NULL_ARRAY in rig("input text abc").err


@pytest.mark.parametrize("fault", [HostGone("it ended"), HostTimeout("busy in\n\tat a.B.c(B)")])
def test_an_event_that_arrives_nowhere_is_no_error(rig: ShellRig, fault: Exception) -> None:
    rig.install()
    rig.start().fail["tap"] = fault
    done = rig("input tap 1 2")
    assert (done.out, done.err, done.code) == ("", "", 0)
    silent = isinstance(fault, HostTimeout)
    assert ("ANR in" in rig("logcat -d").out) is silent


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("input tap 1", "Error: Invalid arguments for command: tap"),
        ("input tap a b", "Error: Invalid arguments for command: tap"),
        ("input text", 'Argument expected after "text"'),
    ],
)
def test_bad_arguments(rig: ShellRig, line: str, error: str) -> None:
    done = rig(line)
    assert f"java.lang.IllegalArgumentException: {error}\n" in done.err
    assert done.code == 255


def test_home_and_back_change_what_is_in_front(rig: ShellRig) -> None:
    rig.install()
    rig.start()
    focus = "dumpsys window displays | grep mCurrentFocus | tail -n 1"
    assert PACKAGE in rig(focus).out
    rig("input keyevent HOME")
    assert "com.android.launcher3/" in rig(focus).out
    rig(f"am start -W -n {PACKAGE}/.MainActivity; input keyevent BACK")
    assert "com.android.launcher3/" in rig(focus).out


def test_back_leads_to_the_app_below(rig: ShellRig) -> None:
    rig.install()
    rig.install("org.other.app")
    rig.start()
    rig.start("org.other.app/.MainActivity")
    rig("input keyevent 4")
    assert PACKAGE in rig("dumpsys window | grep mCurrentFocus").out


def test_percent_s_is_a_space() -> None:
    assert unescaped("a%sb%s%%s") == "a b % "
