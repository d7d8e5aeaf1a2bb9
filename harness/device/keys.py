"""Typing with key events: `input text` and `input keyevent`. Printable ASCII only.

Input: a device, text. Output: key events on the device. `input text` takes `%s` for a blank and
cannot escape it, so a `%` and an `s` that follow each other go in two calls; a character without a
key makes it throw and type nothing at all, so other text is refused before anything is sent.
"""

from __future__ import annotations

import re
from typing import Protocol

from harness.device.facts import ShellResult
from harness.errors import LabError

KEYS_PER_CALL = 40
_KEY_DELETE, _KEY_MOVE_END = 67, 123
_FAULTS = ("Exception", "Killed", "Error:")


class Keyboard(Protocol):
    """What this module needs of a device."""

    @property
    def serial(self) -> str: ...
    def shell(self, command: str | list[str], timeout_s: float = ...) -> ShellResult: ...


def cannot_type(text: str) -> str:
    """The first character that has no key, or an empty string when all have one."""
    return next((char for char in text if not " " <= char <= "~"), "")


def pieces(text: str) -> list[str]:
    """Arguments for `input text`, one per call, that together type `text`."""
    return [piece.replace(" ", "%s") for piece in re.findall(r"(?:%(?!s)|[^%])+|%", text)]


def type_ascii(device: Keyboard, text: str) -> None:
    """Type it.

    Raises:
        LabError: a character has no key (nothing was typed then), or `input` failed.
    """
    missing = cannot_type(text)
    if missing:
        raise LabError(
            f"no key types {missing!r}",
            where=device.serial,
            expected="printable ASCII",
            action="use --leak-typing frida or ime",
        )
    for piece in pieces(text):
        _run(device, ["input", "text", piece])


def delete_backwards(device: Keyboard, count: int) -> None:
    """Move to the end and press the delete key `count` times."""
    _run(device, ["input", "keyevent", str(_KEY_MOVE_END)])
    while count > 0:
        now = min(count, KEYS_PER_CALL)
        _run(device, ["input", "keyevent", *[str(_KEY_DELETE)] * now])
        count -= now


def _run(device: Keyboard, command: list[str]) -> None:
    done = device.shell(command)
    if not done.ok or any(word in done.stdout + done.stderr for word in _FAULTS):
        line = " ".join(command)
        raise LabError("a key event failed", where=f"{device.serial}: {line}", seen=done.seen)
