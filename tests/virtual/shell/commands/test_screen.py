"""Dumps, pictures and sizes; texts of AOSP's DumpCommand and WindowManagerShellCommand."""

from __future__ import annotations

import io

from PIL import Image

from harness.virtual.host import CommandFailed
from tests.virtual.fakes.app_process import PNG, XML
from tests.virtual.fakes.shell import ShellRig


def test_a_dump_lands_where_it_says(rig: ShellRig) -> None:
    rig.install()
    rig.start()
    done = rig("uiautomator dump; cat /sdcard/window_dump.xml")
    assert done.out == "UI hierchary dumped to: /sdcard/window_dump.xml\n" + XML.decode()
    assert rig("uiautomator dump /data/local/tmp/x.xml").out.endswith("/data/local/tmp/x.xml\n")


def test_failures_of_a_dump_keep_the_old_file_and_status_0(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    for kind, text in {
        "not_idle": "ERROR: could not get idle state.",
        "no_window": "ERROR: null root node returned by UiTestAutomationBridge.",
    }.items():
        app.fail["dump_hierarchy"] = CommandFailed(kind, "")
        done = rig("echo old >/sdcard/d; uiautomator dump /sdcard/d; cat /sdcard/d")
        assert (done.out, done.err, done.code) == ("old\n", text + "\n", 0)


def test_pictures(rig: ShellRig) -> None:
    rig.install()
    rig.start()
    assert rig.raw("screencap -p")[0][0] == PNG
    assert rig.raw("screencap -p /sdcard/a.png; cat /sdcard/a.png")[0][0] == PNG
    assert rig("screenrecord /sdcard/v.mp4").code == 1


def test_the_home_screen_has_a_picture_and_a_hierarchy(rig: ShellRig) -> None:
    rig("wm size 64x128")
    picture = Image.open(io.BytesIO(rig.raw("screencap -p")[0][0]))
    assert picture.size == (64, 128)
    assert picture.getpixel((0, 0)) != picture.getpixel((0, 127))
    xml = rig("uiautomator dump >/dev/null; cat /sdcard/window_dump.xml").out
    assert 'package="com.android.launcher3"' in xml


def test_window_size_and_density(rig: ShellRig) -> None:
    assert rig("wm size").out == "Physical size: 822x1782\n"
    assert rig("wm size 720x1600; wm size").out == (
        "Physical size: 822x1782\nOverride size: 720x1600\n"
    )
    assert rig("wm size reset; wm size").out == "Physical size: 822x1782\n"
    assert rig("wm density").out == "Physical density: 320\n"
    assert rig("wm density 10").code == 255
