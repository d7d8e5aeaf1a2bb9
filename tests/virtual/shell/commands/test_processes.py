"""`ps`, `pidof`, `top`, `kill`."""

from __future__ import annotations

from tests.virtual.fakes.shell import PACKAGE, ShellRig


def test_apps_are_listed_under_their_pids(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    assert any(
        line.split()[:2] == ["u0_a100", str(app.pid)] and line.endswith(PACKAGE)
        for line in rig("ps -A").out.splitlines()
    )
    assert rig("ps -A -o PID,NAME | grep clinic").out == f"{app.pid} {PACKAGE}\n"
    assert PACKAGE in rig("top -n 1").out
    assert rig("pidof nosuch").code == 1


def test_only_root_may_kill(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    assert (
        rig(f"kill {app.pid}").err == f"/system/bin/sh: kill: {app.pid}: Operation not permitted\n"
    )
    rig.device.as_root = True
    assert rig(f"kill -9 {app.pid}").code == 0
    assert not app.alive
    assert rig("kill 1").code == 1
