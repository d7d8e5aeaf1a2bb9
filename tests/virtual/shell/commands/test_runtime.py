"""What needs Android's runtime is refused in words that reach a person."""

from __future__ import annotations

import pytest

from harness.virtual.shell.commands.runtime import NO_ART
from tests.virtual.fakes.shell import PACKAGE, ShellRig


@pytest.mark.parametrize("program", ["app_process", "app_process64", "dalvikvm"])
def test_programs_in_dex(rig: ShellRig, program: str) -> None:
    done = rig(f"CLASSPATH=/data/local/tmp/scrcpy-server.jar {program} / org.example.Server 3.1")
    assert (done.out, done.err, done.code) == ("", f"{program}: {NO_ART}\n", 126)


def test_instrumentation_of_an_absent_package(rig: ShellRig) -> None:
    """The text that Android prints (AOSP `Instrument.java`, `ActivityManagerService`)."""
    done = rig("am instrument -w -m -e debug false -e port 7001 org.none.test/.Runner")
    assert done.out == (
        "INSTRUMENTATION_STATUS: Error=Unable to find instrumentation info for: "
        "ComponentInfo{org.none.test/org.none.test.Runner}\n"
        "INSTRUMENTATION_STATUS: id=ActivityManagerService\n"
        "INSTRUMENTATION_STATUS_CODE: -1\n"
    )
    assert "INSTRUMENTATION_FAILED: org.none.test/org.none.test.Runner" in done.err
    assert done.code == 1


def test_instrumentation_of_a_present_package(rig: ShellRig) -> None:
    rig.install()
    done = rig(f"am instrument -w {PACKAGE}/.Runner")
    assert f"Error={NO_ART}" in done.out
    assert done.code == 1
    assert rig("am instrument").code == 1
    assert rig(f"am instrument {PACKAGE}/.Runner").out == ""
