"""A device from its folder: what survives a restart, what it says of itself."""

from __future__ import annotations

from pathlib import Path

from harness.virtual.adbd.link import FEATURES
from tests.virtual.fakes.shell import PACKAGE, ShellRig


def test_a_restart_keeps_packages_files_and_settings(tmp_path: Path) -> None:
    first = ShellRig(tmp_path)
    first.install()
    first("echo kept >/sdcard/f; settings put global a b")
    android_id = first("settings get secure android_id").out
    first.close()
    second = ShellRig(tmp_path)
    assert second("cat /sdcard/f; settings get global a").out == "kept\nb\n"
    assert second("settings get secure android_id").out == android_id
    assert second("pm list packages").out == f"package:{PACKAGE}\n"
    second.start()
    second.close()


def test_the_banner(rig: ShellRig) -> None:
    assert rig.device.banner(FEATURES[:2]) == (
        "device::ro.product.name=virtual;ro.product.model=Virtual Android;"
        "ro.product.device=virtual;features=shell_v2,cmd"
    )


def test_what_an_app_is_bound_with(rig: ShellRig) -> None:
    rig("wm size 720x1600; wm density 320; settings put global g 1")
    rig.install()
    spec = rig.start().spec
    assert spec is not None
    assert (spec.package, spec.locale) == (PACKAGE, "de-DE")
    assert (spec.display.width_dp, spec.display.height_dp) == (360, 800)
    assert spec.settings["g"] == "1"
    assert "android.permission.CAMERA" in spec.permissions
    assert spec.apk.is_file()
    assert spec.data_dir.is_dir()
