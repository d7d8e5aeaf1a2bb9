"""Key names; the numbers are those of the framework's own KeyEvent (see the jar's constants)."""

from __future__ import annotations

import pytest

from harness.virtual.shell.commands.keycodes import CODES, keycode


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("A", 29),
        ("keycode_z", 54),
        ("KEYCODE_0", 7),
        ("7", 7),
        ("KEYCODE_F12", 142),
        ("NUMPAD_9", 153),
        ("ENTER", 66),
        ("DEL", 67),
        ("SEARCH", 84),
        ("TAB", 61),
        ("nosuch", 0),
        ("-1", 0),
        ("100000", 0),
        ("²", 0),
    ],
)
def test_names_and_numbers(word: str, code: int) -> None:
    assert keycode(word) == code


def test_no_code_has_two_names() -> None:
    assert len(set(CODES.values())) == len(CODES)
