"""`input`: touch, keys and text for the app in front. HOME and BACK are the system's."""

from __future__ import annotations

import re

from harness.virtual.device.incidents import report_silence
from harness.virtual.host import CommandFailed, HostGone, HostTimeout
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, Runner, table
from harness.virtual.shell.commands.exceptions import STATUS, thrown
from harness.virtual.shell.commands.keycodes import BACK, HOME, keycode

ORIGIN = Origin(
    Evidence.SOURCE, "AOSP services/core/java/com/android/server/input/InputShellCommand.java"
)
_SOURCES = frozenset(
    [
        "keyboard",
        "dpad",
        "gamepad",
        "touchscreen",
        "mouse",
        "stylus",
        "trackball",
        "touchpad",
        "touchnavigation",
        "joystick",
    ]
)
_NULL_ARRAY = "java.lang.NullPointerException: Attempt to get length of null array"
_TEXT_FRAMES = (
    "com.android.server.input.InputShellCommand.sendText(InputShellCommand.java:319)",
    "com.android.server.input.InputShellCommand.runText(InputShellCommand.java:285)",
    "com.android.server.input.InputShellCommand.onCommand(InputShellCommand.java:227)",
    "com.android.modules.utils.BasicShellCommandHandler.exec(BasicShellCommandHandler.java:97)",
    "android.os.ShellCommand.exec(ShellCommand.java:38)",
)
_LONG_PRESS_MS = 500


class _BadNumber(ValueError):
    """Android's NumberFormatException, which the command words anew."""


def _numbers(words: list[str], count: int) -> list[float]:
    if len(words) < count:
        raise _BadNumber
    try:
        return [float(word) for word in words[:count]]
    except ValueError as error:
        raise _BadNumber from error


async def _tap(call: Invocation) -> int:
    x, y = _numbers(call.args, 2)
    app = call.device.activities.foreground()
    if app is not None:
        await app.process.tap(x, y)
    return 0


async def _swipe(call: Invocation) -> int:
    x1, y1, x2, y2 = _numbers(call.args, 4)
    duration_ms = int(_numbers(call.args[4:], 1)[0]) if len(call.args) > 4 else 300
    app = call.device.activities.foreground()
    if app is not None:
        await app.process.swipe(x1, y1, x2, y2, duration_ms if duration_ms >= 0 else 300)
    return 0


async def _drag(call: Invocation) -> int:
    return await _swipe(call)


async def _text(call: Invocation) -> int:
    if not call.args:
        return await _required(call, "text")
    app = call.device.activities.foreground()
    text = unescaped(call.args[0])
    # The virtual keyboard has keys for ASCII only; Android throws before the first event then.
    if any(ord(char) > 126 or (ord(char) < 32 and char not in "\t\n") for char in text):
        return await thrown(call, "text", _NULL_ARRAY, _TEXT_FRAMES)
    if app is None:
        return 0
    try:
        await app.process.text(text)
    except CommandFailed as error:
        if error.kind != "bad_text":
            raise
        return await thrown(call, "text", _NULL_ARRAY, _TEXT_FRAMES)
    return 0


def unescaped(text: str) -> str:
    """`%s` becomes a space, as `sendText` does it: the scan goes on behind the replacement."""
    return text.replace("%s", " ")


async def _key_event(call: Invocation) -> int:
    if not call.args:
        return await _required(call, "keyevent")
    words = [word for word in call.args if not word.startswith("--")]
    long_press = "--longpress" in call.args
    for word in words:
        await _press(call, keycode(word), long_press=long_press)
    return 0


async def _press(call: Invocation, code: int, *, long_press: bool) -> None:
    activities = call.device.activities
    if code == HOME:
        await activities.home()
    elif code == BACK:
        await activities.back()
    elif code and (app := activities.foreground()) is not None:
        await app.process.key_events([code], long_press)


async def _required(call: Invocation, verb: str) -> int:
    return await thrown(
        call, verb, f'java.lang.IllegalArgumentException: Argument expected after "{verb}"'
    )


_VERBS: dict[str, Runner] = {
    "tap": _tap,
    "swipe": _swipe,
    "draganddrop": _drag,
    "text": _text,
    "keyevent": _key_event,
}


async def _input(call: Invocation) -> int:
    args = list(call.args)
    if args and args[0] in _SOURCES:
        del args[0]
    if args[:1] == ["-d"]:
        del args[:2]
    if not args:
        await call.out("Usage: input [<source>] [-d DISPLAY_ID] <command> [<arg>...]\n")
        return STATUS
    verb = args[0]
    runner = _VERBS.get(verb)
    if runner is None:
        if re.fullmatch(r"press|roll|motionevent|keycombination", verb):
            return await call.fail(f"input: '{verb}' is not supported on this device", STATUS)
        return await call.fail(f"Unknown command: {verb}", STATUS)
    try:
        return await runner(call.again(args))
    except _BadNumber:
        error = f"java.lang.IllegalArgumentException: Error: Invalid arguments for command: {verb}"
        return await thrown(call, verb, error)
    except HostGone:
        return 0  # Android ignores that an event could not be delivered
    except HostTimeout as timeout:
        report_silence(call.device.log, timeout.where.partition(" ")[0], timeout)
        return 0


COMMANDS: dict[str, Command] = table(ORIGIN, {"input": _input})
