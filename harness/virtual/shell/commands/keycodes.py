"""`KeyEvent.KEYCODE_*` by name, as `KeyEvent.keyCodeFromString` reads them.

Numbers from AOSP `frameworks/base/core/java/android/view/KeyEvent.java`; the names that keyboards
and remotes of phones have. An unknown name is `KEYCODE_UNKNOWN` (0), which does nothing.
"""

from __future__ import annotations

HOME, BACK = 3, 4

_NAMED = """\
SOFT_LEFT 1|SOFT_RIGHT 2|HOME 3|BACK 4|CALL 5|ENDCALL 6|STAR 17|POUND 18|DPAD_UP 19|DPAD_DOWN 20|
DPAD_LEFT 21|DPAD_RIGHT 22|DPAD_CENTER 23|VOLUME_UP 24|VOLUME_DOWN 25|POWER 26|CAMERA 27|CLEAR 28|
COMMA 55|PERIOD 56|ALT_LEFT 57|ALT_RIGHT 58|SHIFT_LEFT 59|SHIFT_RIGHT 60|TAB 61|SPACE 62|SYM 63|
EXPLORER 64|ENVELOPE 65|ENTER 66|DEL 67|GRAVE 68|MINUS 69|EQUALS 70|LEFT_BRACKET 71|
RIGHT_BRACKET 72|BACKSLASH 73|SEMICOLON 74|APOSTROPHE 75|SLASH 76|AT 77|NUM 78|HEADSETHOOK 79|
FOCUS 80|PLUS 81|MENU 82|NOTIFICATION 83|SEARCH 84|MEDIA_PLAY_PAUSE 85|MEDIA_STOP 86|
MEDIA_NEXT 87|MEDIA_PREVIOUS 88|MEDIA_REWIND 89|MEDIA_FAST_FORWARD 90|MUTE 91|PAGE_UP 92|
PAGE_DOWN 93|ESCAPE 111|FORWARD_DEL 112|CTRL_LEFT 113|CTRL_RIGHT 114|CAPS_LOCK 115|
SCROLL_LOCK 116|META_LEFT 117|META_RIGHT 118|FUNCTION 119|SYSRQ 120|BREAK 121|MOVE_HOME 122|
MOVE_END 123|INSERT 124|FORWARD 125|MEDIA_PLAY 126|MEDIA_PAUSE 127|NUM_LOCK 143|NUMPAD_ENTER 160|
VOLUME_MUTE 164|APP_SWITCH 187|LANGUAGE_SWITCH 204|ASSIST 219|BRIGHTNESS_DOWN 220|
BRIGHTNESS_UP 221|SLEEP 223|WAKEUP 224|SOFT_SLEEP 276|CUT 277|COPY 278|PASTE 279|ALL_APPS 284"""


def _codes() -> dict[str, int]:
    pairs = (entry.split() for entry in _NAMED.replace("\n", "").split("|"))
    named = {name: int(number) for name, number in pairs}
    letters = {chr(ord("A") + index): 29 + index for index in range(26)}
    digits = {str(index): 7 + index for index in range(10)}
    functions = {f"F{index}": 130 + index for index in range(1, 13)}
    numpad = {f"NUMPAD_{index}": 144 + index for index in range(10)}
    return named | letters | digits | functions | numpad


CODES = _codes()
MAX_CODE = 400


def keycode(word: str) -> int:
    """The code that a name (with or without `KEYCODE_`) or a number stands for; 0 if none."""
    if word.isascii() and word.isdigit():
        return int(word) if int(word) <= MAX_CODE else 0
    return CODES.get(word.upper().removeprefix("KEYCODE_"), 0)
