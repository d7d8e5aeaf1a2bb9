"""`am` and `monkey`: the texts of AOSP's ActivityManagerShellCommand (android-14)."""

from __future__ import annotations

import re

from harness.virtual.host import Crash, HostGone, HostTimeout
from tests.virtual.fakes.shell import MAIN, PACKAGE, ShellRig


def test_start_and_wait_says_what_android_says(rig: ShellRig) -> None:
    rig.install()
    done = rig(f"am start -W -n {MAIN}")
    assert re.fullmatch(
        rf"Starting: Intent {{ cmp={re.escape(MAIN)} }}\nStatus: ok\nLaunchState: COLD\n"
        rf"Activity: {re.escape(MAIN)}\nTotalTime: 12\nWaitTime: \d+\nComplete\n",
        done.out,
    )
    assert (done.err, done.code) == ("", 0)


def test_an_app_that_runs_comes_to_the_front(rig: ShellRig) -> None:
    rig.install()
    rig.start()
    rig("input keyevent HOME")
    again = rig(f"am start -W -n {MAIN}").out
    assert "Warning: Activity not started, its current task has been brought to the front" in again
    assert "LaunchState: HOT" in again
    assert len(rig.source.made) == 1
    assert rig(f"am start -n {MAIN}").err.startswith("Warning: Activity not started")


def test_launcher_intents_are_resolved(rig: ShellRig) -> None:
    rig.install()
    action, category = "android.intent.action.MAIN", "android.intent.category.LAUNCHER"
    done = rig(f"am start -W -a {action} -c {category} {PACKAGE}")
    assert f"Activity: {MAIN}" in done.out
    assert "Events injected: 1" in rig(f"monkey -p {PACKAGE} -c {category} 1").out
    assert rig(f"monkey -p org.none -c {category} 1").code == 252


def test_activities_that_do_not_exist(rig: ShellRig) -> None:
    rig.install()
    done = rig(f"am start -n {PACKAGE}/.None")
    assert done.out.endswith("Error type 3\n")
    assert done.err == f"Error: Activity class {{{PACKAGE}/{PACKAGE}.None}} does not exist.\n"
    waited = rig("am start -W -n org.none/.A")
    assert "Error: Activity class {org.none/org.none.A} does not exist." in waited.out
    unresolved = rig("am start -a org.none.ACTION")
    assert "Error: Activity not started, unable to resolve Intent { act=org.none.ACTION" in (
        unresolved.err
    )


def test_bad_words(rig: ShellRig) -> None:
    assert rig("am start").err == (
        "\nException occurred while executing 'start':\n"
        "java.lang.IllegalArgumentException: No intent supplied\n"
    )
    assert "Bad component name: x" in rig("am start -n x").err
    assert rig("am frobnicate").code == 255


def test_extras_arrive(rig: ShellRig) -> None:
    rig.install()
    line = f"am start -W -n {MAIN} --es a 'b c' --ez d true --ei e 5 --ef f 1.5"
    assert "(has extras)" in rig(line).out


def test_force_stop_is_silent_and_ends_the_process(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    assert rig(f"pidof {PACKAGE}").out == f"{app.pid}\n"
    done = rig(f"am force-stop {PACKAGE}; am force-stop org.none")
    assert (done.out, done.err, done.code) == ("", "", 0)
    assert (rig(f"pidof {PACKAGE}").code, app.alive) == (1, False)


def test_stop_first_makes_a_new_process(rig: ShellRig) -> None:
    rig.install()
    first = rig.start()
    done = rig(f"am start -S -W -n {MAIN}")
    assert done.out.startswith(f"Stopping: {PACKAGE}\nStarting: ")
    assert not first.alive
    assert "COLD" in done.out


def test_a_debug_start_waits_at_the_gate(rig: ShellRig) -> None:
    rig.install()
    first = rig.start()
    done = rig(f"am start -D -n {MAIN}")
    assert (done.code, done.err) == (0, "")
    assert not first.alive
    app = rig.source.made[-1]
    assert app.spec is not None
    assert app.spec.wait_for_debugger
    assert ("start_activity", f"{PACKAGE}/{PACKAGE}.MainActivity") not in app.calls


def test_a_debug_start_tells_the_new_pid(rig: ShellRig) -> None:
    rig.install()
    first = rig.start()
    pid = int(rig(f"am start -D -n {MAIN}; pidof {PACKAGE}").out.splitlines()[-1])
    assert pid == rig.source.made[-1].pid != first.pid


def test_an_app_that_is_gone_is_an_error_of_the_command(rig: ShellRig) -> None:
    rig.install()
    rig.start().fail["set_permission"] = HostGone("the app process has ended")
    rig(f"pm revoke {PACKAGE} android.permission.CAMERA; am start -W -n {MAIN}")
    rig.source.made[-1].fail["set_permission"] = HostGone("the app process has ended")
    done = rig(f"pm grant {PACKAGE} android.permission.CAMERA")
    assert (done.err, done.code) == ("pm: the app process has ended\n", 1)


def test_set_debug_app(rig: ShellRig) -> None:
    rig.install()
    rig(f"am set-debug-app -w {PACKAGE}; am start -n {MAIN}")
    spec = rig.source.made[-1].spec
    assert spec is not None
    assert spec.wait_for_debugger
    rig(f"am clear-debug-app; am force-stop {PACKAGE}; am start -W -n {MAIN}")
    spec = rig.source.made[-1].spec
    assert spec is not None
    assert not spec.wait_for_debugger


def test_an_app_that_hangs_at_start(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    app.fail["start_activity"] = HostTimeout("no answer within 30 s")
    done = rig(f"am start -W -n {MAIN}")
    assert "Status: timeout\n" in done.out
    assert f"ANR in {PACKAGE}" in rig("logcat -d").out


def test_a_crash_is_logged_and_ends_the_process(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    trace = "java.lang.IllegalStateException: no\n\tat org.example.Main.go(Main.java:3)"
    rig.device.activities.app(PACKAGE)
    rig.in_loop(lambda: app.say(Crash("main", "java.lang.IllegalStateException", trace)))
    out = rig("logcat -d AndroidRuntime:E '*:S'").out
    assert "E AndroidRuntime: FATAL EXCEPTION: main" in out
    assert f"E AndroidRuntime: Process: {PACKAGE}, PID: {app.pid}" in out
    assert "E AndroidRuntime: \tat org.example.Main.go(Main.java:3)" in out
    assert rig(f"pidof {PACKAGE}").code == 1
    assert "QuickstepLauncher" in rig("dumpsys window | grep mCurrentFocus").out


def test_broadcasts(rig: ShellRig) -> None:
    rig.install()
    app = rig.start()
    done = rig(f"am broadcast -a org.X -p {PACKAGE} --es k v")
    assert done.out == (
        f"Broadcasting: Intent {{ act=org.X flg=0x400000 pkg={PACKAGE} (has extras) }}\n"
        "Broadcast completed: result=0\n"
    )
    assert ("broadcast", "org.X") in app.calls


def test_current_user(rig: ShellRig) -> None:
    assert rig("am get-current-user").out == "0\n"
