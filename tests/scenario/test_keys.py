"""Key codes, checked against the numbers of `android.view.KeyEvent`."""

from __future__ import annotations

from harness.scenario.keys import KEY_CODES

AOSP = {
    "KEYCODE_ENTER": 66,
    "KEYCODE_SEARCH": 84,
    "KEYCODE_TAB": 61,
    "KEYCODE_BACK": 4,
    "KEYCODE_HOME": 3,
    "KEYCODE_ESCAPE": 111,
    "KEYCODE_POWER": 26,
    "KEYCODE_SPACE": 62,
}
"""From frameworks/base/core/java/android/view/KeyEvent.java."""


def test_codes() -> None:
    for name, code in AOSP.items():
        assert KEY_CODES[name.removeprefix("KEYCODE_").lower()] == code
