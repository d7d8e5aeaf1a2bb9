"""Sizes with and without overrides."""

from __future__ import annotations

from xml.etree import ElementTree

from harness.virtual.device.display import Display
from harness.virtual.host import DisplayProfile


def test_overrides_change_what_apps_see() -> None:
    display = Display(DisplayProfile(411, 891, 320))
    assert display.size_px == (822, 1782)
    display.override_size, display.override_density = (720, 1600), 160
    assert display.profile == DisplayProfile(720, 1600, 160)


def test_the_home_screens_hierarchy() -> None:
    root = ElementTree.fromstring(Display(DisplayProfile()).launcher_hierarchy())
    assert root[0].get("bounds") == "[0,0][822,1782]"
