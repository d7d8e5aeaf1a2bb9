"""Typing through an input method that takes its text from a broadcast: AdbKeyboard.

Input: a device where the MIT-licensed `com.github.uiautomator` app is installed (from the
`uiautomator2` package on PyPI, `assets/app-uiautomator.apk`), text. Output: text committed. The
user's input method is put back afterwards. Its broadcasts answer `result=-1` with `success`
(uiautomator2, `_input.py`); anything else is a failure, and so is an input method that does not
become active. Refused: to install it; a test's author decides what goes on the phone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from harness.clock import Clock, wait_until
from harness.device import readouts
from harness.device.keys import Keyboard
from harness.errors import LabError

PACKAGE = "com.github.uiautomator"
IME_ID = f"{PACKAGE}/.AdbKeyboard"
ACTIVE_TIMEOUT_S = 5.0
_SUCCESS = -1


def installed(device: Keyboard) -> bool:
    """Whether the device has the input method."""
    return IME_ID in device.shell(["ime", "list", "-s", "-a"]).stdout.split()


@contextmanager
def active(device: Keyboard, clock: Clock) -> Iterator[None]:
    """Make it the current input method; afterwards the former one is current again.

    Raises:
        LabError: it is not installed or does not become current.
    """
    if not installed(device):
        raise LabError(
            "the device has no input method that the harness can type with",
            where=device.serial,
            expected=IME_ID,
            action="pip install uiautomator2, then adb install its assets/app-uiautomator.apk;"
            " or use --leak-typing frida",
        )
    former = _current(device)
    device.shell(["ime", "enable", IME_ID])

    def switched() -> bool:
        device.shell(["ime", "set", IME_ID])
        return _current(device) == IME_ID

    try:
        if not wait_until(clock, switched, ACTIVE_TIMEOUT_S, 0.3):
            raise LabError("the input method did not become active", where=device.serial)
        yield
    finally:
        if former and former != IME_ID:
            device.shell(["ime", "set", former])


def commit(device: Keyboard, text: str) -> None:
    """Type `text` at the cursor in one go; `active` must hold."""
    encoded = b64encode(text.encode()).decode("ascii")
    _broadcast(device, "ADB_KEYBOARD_INPUT_TEXT", "--es", "text", encoded)


def editor_action(device: Keyboard, code: int) -> None:
    """Perform an editor action (3 = search)."""
    _broadcast(device, "ADB_KEYBOARD_EDITOR_CODE", "--es", "code", str(code))


def _broadcast(device: Keyboard, action: str, *extras: str) -> None:
    command = ["am", "broadcast", "-a", action, "-p", PACKAGE, *extras]
    done = device.shell(command)
    result = readouts.broadcast_result(done.stdout)
    if result is None or result[0] != _SUCCESS:
        where = f"{device.serial}: am broadcast -a {action}"
        raise LabError("the input method did not take the text", where=where, seen=done.seen)


def _current(device: Keyboard) -> str:
    said = device.shell(["settings", "get", "secure", "default_input_method"]).stdout.strip()
    return "" if said == "null" else said
