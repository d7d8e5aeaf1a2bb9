"""The facade against tables of what Android prints."""

from __future__ import annotations

from typing import cast

import pytest

from harness.device.adb import Adb
from harness.device.device import Device, HierarchyUnavailable
from harness.errors import LabError
from tests.device.android import PACKAGE, AndroidAdb
from tests.device.scripted import Table, TableAdb

PNG = b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"
DUMPED = "UI hierchary dumped to: /data/local/tmp/leak-window.xml\n"


def _device(table: Table, **files: bytes) -> Device:
    return Device(
        cast(Adb, TableAdb(table, {f"/data/local/tmp/{k}": v for k, v in files.items()})), "adb"
    )


def test_info() -> None:
    getprop = (
        "[ro.build.version.sdk]: [34]\n[ro.build.version.release]: [14]\n[ro.build.type]: [user]\n"
        "[ro.product.model]: [Pixel 7]\n[ro.product.cpu.abi]: [arm64-v8a]\n"
        "[ro.build.fingerprint]: [google/x:14/y]\n"
    )
    info = _device({"getprop": (getprop, "", 0)}).info
    assert (info.api_level, info.android_version, info.build_type) == (34, "14", "user")
    assert (info.model, info.abi, info.build_fingerprint) == (
        "Pixel 7",
        "arm64-v8a",
        "google/x:14/y",
    )


def test_app_info_from_the_device() -> None:
    app = Device(cast(Adb, AndroidAdb()), "adb").app_info(PACKAGE)
    assert (app.version_name, app.version_code, app.sha256) == ("1.0", 7, "a" * 64)
    assert app.debuggable


def test_the_digest_is_computed_here_when_the_device_cannot() -> None:
    class Without(AndroidAdb):
        def shell_bytes(self, command: object, timeout_s: float = 0) -> tuple[bytes, str, int]:
            if "sha256sum" in str(command):
                return b"", "sha256sum: inaccessible or not found", 127
            return super().shell_bytes(command, timeout_s)  # type: ignore[arg-type]  # any command

    adb = Without()
    adb.files[f"/data/app/{PACKAGE}/base.apk"] = b"abc"
    digest = Device(cast(Adb, adb), "adb").app_info(PACKAGE).sha256
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"pm clear": ("Failed\n", "", 1)}, "cannot clear"),
        ({"pm clear": ("Failed\n", "", 0)}, "cannot clear"),
    ],
)
def test_clear_goes_by_what_is_said(table: Table, what: str) -> None:
    with pytest.raises(LabError, match=what):
        _device(table).clear("p")


def test_a_refused_command_names_serial_and_command() -> None:
    with pytest.raises(LabError) as caught:
        _device({"input tap": ("", "Error: Invalid arguments", 255)}).tap(1, 2)
    assert caught.value.where == "table: input tap 1 2"
    assert caught.value.seen == "exit 255: Error: Invalid arguments"


def test_grant_tells_why_not() -> None:
    refusal = "java.lang.SecurityException: Permission x is not a changeable permission type"
    assert "changeable" in _device({"pm grant": ("", refusal, 255)}).grant("p", "x")
    assert _device({"pm grant": ("", "", 0)}).grant("p", "x") == ""


def test_a_screenshot_is_a_picture_or_an_error() -> None:
    assert _device({"screencap": (b"[Warning]\n" + PNG, "", 0)}).screenshot() == PNG
    with pytest.raises(LabError, match="no screenshot"):
        _device({"screencap": (b"", "Capturing failed.", 1)}).screenshot()


def test_hierarchy_is_what_the_dump_wrote_now() -> None:
    table: Table = {"rm -f": ("", "", 0), "uiautomator dump": (DUMPED, "", 0)}
    device = _device(table, **{"leak-window.xml": b'<hierarchy><node text="x"/></hierarchy>'})
    assert device.hierarchy().roots[0].text == "x"
    stale: Table = {
        "rm -f": ("", "", 0),
        "uiautomator dump": ("", "ERROR: could not get idle state.", 0),
    }
    with pytest.raises(HierarchyUnavailable, match="could not be read"):
        _device(stale, **{"leak-window.xml": b"<hierarchy/>"}).hierarchy()


def test_foreground_falls_back_to_the_resumed_activity() -> None:
    table: Table = {
        "getprop": ("[ro.build.version.sdk]: [34]", "", 0),
        "dumpsys window displays": ("  mCurrentFocus=null\n", "", 0),
        "dumpsys activity": ("  topResumedActivity=ActivityRecord{5 u0 p/.Main t1}\n", "", 0),
    }
    front = _device(table).foreground()
    assert (front.package, front.activity) == ("p", "p.Main")
    older: Table = {
        "getprop": ("[ro.build.version.sdk]: [28]", "", 0),
        "dumpsys window windows": ("  mCurrentFocus=Window{1 u0 q/.A}\n", "", 0),
    }
    assert _device(older).foreground().package == "q"


def test_screen_size_needs_an_answer() -> None:
    with pytest.raises(LabError, match="screen's size"):
        _ = _device({"wm size": ("", "", 0)}).screen_size
