"""System properties."""

from __future__ import annotations

import pytest

from harness.virtual.device.properties import Properties, PropertyRefused


def test_read_only_and_long_values_are_refused() -> None:
    properties = Properties({"ro.x": "1"})
    for name, value in (("ro.x", "2"), ("a", "x" * 92), ("", "v")):
        with pytest.raises(PropertyRefused):
            properties.set(name, value)
    properties.set("ro.new", "1")
    with pytest.raises(PropertyRefused):
        properties.set("ro.new", "2")
    properties.set("a", "x" * 91)


def test_booting() -> None:
    properties = Properties()
    assert properties.get("sys.boot_completed") == "0"
    properties.boot_completed()
    assert properties.get("sys.boot_completed") == "1"
    assert b"ro.build.version.sdk=34\n" in properties.build_prop()
    assert b"sys.boot" not in properties.build_prop()
