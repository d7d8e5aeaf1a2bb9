"""Settings survive in their file."""

from __future__ import annotations

from pathlib import Path

from harness.virtual.device.settings import Settings


def test_settings_survive(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json", "0123456789abcdef")
    settings.set("global", "a", "é")
    assert settings.delete("secure", "android_id")
    assert not settings.delete("secure", "android_id")
    again = Settings(tmp_path / "s.json", "other")
    assert again.get("global", "a") == "é"
    assert again.get("secure", "android_id") is None
    assert again.all("global")["a"] == "é"
