"""The keys that `pressKey` knows, with Android's key codes (`android.view.KeyEvent`).

Names are Maestro's in any case, and `Search`, which Maestro lacks. Maestro sends SPACE (62) for
`Tab`; here it is TAB (61).
"""

from __future__ import annotations

from collections.abc import Mapping

KEY_CODES: Mapping[str, int] = {
    "enter": 66,
    "search": 84,
    "tab": 61,
    "space": 62,
    "backspace": 67,
    "delete": 112,
    "escape": 111,
    "back": 4,
    "home": 3,
    "lock": 276,
    "power": 26,
    "volume up": 24,
    "volume down": 25,
    "remote dpad up": 19,
    "remote dpad down": 20,
    "remote dpad left": 21,
    "remote dpad right": 22,
    "remote dpad center": 23,
}
