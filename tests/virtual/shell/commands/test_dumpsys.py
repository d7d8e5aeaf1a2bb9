"""`dumpsys`: the parsers of adbutils and of `harness.device.readouts` find what they look for."""

from __future__ import annotations

import re

from tests.virtual.fakes.shell import PACKAGE, ShellRig


def test_the_focus_line(rig: ShellRig) -> None:
    rig.install()
    rig.start()
    lines = rig("dumpsys window displays | grep mCurrentFocus").out.splitlines()
    assert re.fullmatch(
        rf"  mCurrentFocus=Window{{[0-9a-f]+ u0 {PACKAGE}/{PACKAGE}\.MainActivity}}", lines[-1]
    )


def test_package_facts(rig: ShellRig) -> None:
    rig.install(code=7)
    text = rig(f"dumpsys package {PACKAGE}").out
    for pattern in (
        r"versionName=1\.7",
        r"versionCode=7 minSdk=26 targetSdk=34",
        r"pkgFlags=\[ DEBUGGABLE HAS_CODE \]",
        r"signatures=PackageSignatures{\w+ .*\[\w+\].*}",
        r"firstInstallTime=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
        r"android\.permission\.CAMERA: granted=true",
        r"android\.permission\.INTERNET: granted=true",
    ):
        assert re.search(pattern, text), pattern
    assert rig("dumpsys package org.none").out == "Unable to find package: org.none\n"


def test_the_keyboard(rig: ShellRig) -> None:
    rig.install()
    assert "mIsInputViewShown=false" in rig("dumpsys input_method").out
    rig.start()
    assert "mIsInputViewShown=true" in rig("dumpsys input_method").out


def test_other_services(rig: ShellRig) -> None:
    assert "orientation=0" in rig("dumpsys display").out
    assert "level: 100" in rig("dumpsys battery").out
    assert rig("dumpsys nosuch").err == "Can't find service: nosuch\n"
    assert "ResumedActivity: ActivityRecord{" in rig("dumpsys activity activities").out
