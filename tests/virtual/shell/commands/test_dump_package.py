"""`dumpsys package` as `harness.device` and adbutils read it."""

from __future__ import annotations

from harness.virtual.shell.commands.dump_package import dump
from tests.virtual.fakes.shell import PACKAGE, ShellRig


def test_one_package_or_all(rig: ShellRig) -> None:
    rig.install()
    rig.install("org.other.app", debuggable=False)
    one = dump(rig.device, PACKAGE)
    assert f"Package [{PACKAGE}]" in one
    assert "org.other.app" not in one
    assert f"{PACKAGE}/.MainActivity filter" in one
    everything = dump(rig.device)
    assert "flags=[ HAS_CODE ]" in everything
    assert "flags=[ DEBUGGABLE HAS_CODE ]" in everything
    assert dump(rig.device, "org.none") == "Unable to find package: org.none\n"


def test_stopped_until_started(rig: ShellRig) -> None:
    rig.install()
    assert " stopped=true " in dump(rig.device, PACKAGE)
    rig.start()
    assert " stopped=false " in dump(rig.device, PACKAGE)
