"""Values of the app process that say something of their own."""

from __future__ import annotations

from harness.virtual.host.model import AppSpec, DisplayProfile, IntentSpec


def test_pixels_follow_size_and_density() -> None:
    # Android: px = dp * (dpi / 160), developer.android.com/training/multiscreen/screendensities
    assert (DisplayProfile().width_px, DisplayProfile().height_px) == (822, 1782)
    assert DisplayProfile(360, 640, 160).width_px == 360
    assert DisplayProfile(411, 891, 420).width_px == 1078, "rounded down"


def test_an_empty_intent_means_the_launcher_activity() -> None:
    assert IntentSpec() == IntentSpec(component="", action="", extras={})


def test_an_app_is_not_held_and_has_no_permissions_unless_told() -> None:
    fields = AppSpec.__dataclass_fields__
    assert fields["permissions"].default == ()
    assert fields["wait_for_debugger"].default is False
