"""`settings`, `ime`, `cmd`, `run-as`."""

from __future__ import annotations

import pytest

from harness.virtual.device.settings import LATIN_IME
from tests.virtual.fakes.shell import PACKAGE, ShellRig


def test_settings(rig: ShellRig) -> None:
    assert rig("settings get global nosuch").out == "null\n"
    assert rig("settings put global a 'b c'; settings get global a").out == "b c\n"
    assert "a=b c\n" in rig("settings list global").out
    assert rig("settings delete global a").out == "Deleted 1 rows\n"
    assert rig("settings get nospace a").code == 255
    assert rig("settings get secure default_input_method").out == f"{LATIN_IME}\n"


def test_input_methods(rig: ShellRig) -> None:
    assert rig("ime list -s").out == f"{LATIN_IME}\n"
    assert rig(f"ime set {LATIN_IME}").out == f"Input method {LATIN_IME} selected for user #0\n"
    assert rig("ime set org.none/.Ime").err == (
        "Unknown input method org.none/.Ime cannot be selected for user #0\n"
    )


def test_the_clipboard_has_no_shell_command(rig: ShellRig) -> None:
    done = rig("cmd clipboard get-text")
    assert (done.out, done.code) == ("No shell command implementation.\n", 0)


def test_services_that_are_not_there(rig: ShellRig) -> None:
    done = rig("cmd nosuch x")
    assert (done.err, done.code) == ("cmd: Can't find service: nosuch\n", 20)


@pytest.mark.parametrize("debuggable", [True, False])
def test_run_as(rig: ShellRig, debuggable: bool) -> None:
    rig.install(debuggable=debuggable)
    assert rig(f"cat /data/data/{PACKAGE}/files/x").err.endswith("Permission denied\n")
    done = rig(f"run-as {PACKAGE} sh -c 'echo hi >files/x; cat files/x; pwd; whoami'")
    if debuggable:
        assert done.out == f"hi\n/data/data/{PACKAGE}\nu0_a100\n"
    else:
        assert done.err == f"run-as: package not debuggable: {PACKAGE}\n"
    assert rig("run-as org.none ls").err == "run-as: unknown package: org.none\n"


def test_what_is_refused_clearly(rig: ShellRig) -> None:
    assert rig("bugreport").code == 1
    assert rig("remount").err == 'Not running as root. Try "adb root" first.\n'


def test_su(rig: ShellRig) -> None:
    assert rig("su 0 id -u; su root sh -c 'id -u'; su shell id -u").out == "0\n0\n2000\n"
    assert rig("su 10100 id -u").out == "10100\n"
    assert rig("su nobody id").err == "su: invalid uid/gid 'nobody'\n"
    assert rig("su 10100 su 0 id").err == "su: not allowed\n"
