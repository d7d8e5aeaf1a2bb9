"""`am startservice` and `am stopservice`: the texts of AOSP's ActivityManagerShellCommand."""

from __future__ import annotations

from harness.virtual.host import HostGone
from tests.virtual.fakes.shell import PACKAGE, ShellRig

SERVICE = f"{PACKAGE}/.Work"
FULL = f"{PACKAGE}/{PACKAGE}.Work"


def test_an_app_is_started_for_its_service(rig: ShellRig) -> None:
    rig.install()
    done = rig(f"am startservice -n {SERVICE} --es word hepatite")
    assert done.out == f"Starting service: Intent {{ cmp={SERVICE} (has extras) }}\n"
    assert (done.err, done.code) == ("", 0)
    (app,) = rig.source.made
    assert app.calls == [("bind", PACKAGE), ("start_service", FULL)]
    rig(f"am start-foreground-service -n {SERVICE}")
    assert len(rig.source.made) == 1, "it runs already"


def test_a_service_that_is_not_there(rig: ShellRig) -> None:
    missing = ("Error: Not found; no service started.\n", 255)
    done = rig("am startservice -n org.none/.Work")
    assert (done.err, done.code) == missing
    rig.install()
    done = rig(f"am startservice -n {PACKAGE}/.Absent")
    assert (done.err, done.code) == missing
    assert rig("am startservice -n nonsense").err.startswith("\nException occurred")


def test_stopping(rig: ShellRig) -> None:
    rig.install()
    done = rig(f"am stopservice -n {SERVICE}")
    assert done.out == f"Stopping service: Intent {{ cmp={SERVICE} }}\n"
    assert (done.err, done.code) == ("Service not stopped: was not running.\n", 255)
    rig(f"am startservice -n {SERVICE}")
    assert rig(f"am stopservice -n {SERVICE}").err == "Service stopped\n"
    rig(f"am startservice -n {SERVICE}")
    rig.source.made[0].fail["stop_service"] = HostGone("gone")
    assert "Error stopping service: gone" in rig(f"am stop-service -n {SERVICE}").err
