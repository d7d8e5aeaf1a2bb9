"""`Settings.System`, `.Secure` and `.Global`: three tables of strings, kept on disk.

Input and output are strings, as with the `settings` command. `null` means: not set.
"""

from __future__ import annotations

import json
from pathlib import Path

from harness.virtual.device.whole_file import write_whole

NAMESPACES = ("system", "secure", "global")

LATIN_IME = "com.android.inputmethod.latin/.LatinIME"

_DEFAULTS: dict[str, dict[str, str]] = {
    "system": {
        "screen_off_timeout": "1800000",
        "accelerometer_rotation": "0",
        "user_rotation": "0",
        "font_scale": "1.0",
    },
    "secure": {
        "default_input_method": LATIN_IME,
        "enabled_input_methods": LATIN_IME,
        "show_ime_with_hard_keyboard": "1",
        "user_setup_complete": "1",
    },
    "global": {
        "adb_enabled": "1",
        "airplane_mode_on": "0",
        "animator_duration_scale": "1.0",
        "development_settings_enabled": "1",
        "device_name": "Virtual Android",
        "device_provisioned": "1",
        "stay_on_while_plugged_in": "0",
        "transition_animation_scale": "1.0",
        "window_animation_scale": "1.0",
        "wifi_on": "1",
    },
}


class Settings:
    """The three tables of one device.

    Args:
        path: JSON file they are kept in; read if it exists.
        android_id: `Settings.Secure.ANDROID_ID` of a device that has none yet.
    """

    def __init__(self, path: Path, android_id: str) -> None:
        self._path = path
        self._tables = {name: dict(values) for name, values in _DEFAULTS.items()}
        self._tables["secure"]["android_id"] = android_id
        if path.is_file():
            for name, values in json.loads(path.read_text(encoding="utf-8")).items():
                self._tables[name] = dict(values)

    def get(self, namespace: str, key: str) -> str | None:
        return self._tables[namespace].get(key)

    def set(self, namespace: str, key: str, value: str) -> None:
        self._tables[namespace][key] = value
        self._save()

    def delete(self, namespace: str, key: str) -> bool:
        """True if there was something to delete."""
        found = self._tables[namespace].pop(key, None) is not None
        self._save()
        return found

    def all(self, namespace: str) -> dict[str, str]:
        return dict(self._tables[namespace])

    def _save(self) -> None:
        text = json.dumps(self._tables, ensure_ascii=False, indent=1)
        write_whole(self._path, text)
