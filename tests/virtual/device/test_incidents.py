"""Crashes and silences in the log."""

from __future__ import annotations

from harness.virtual.device.incidents import report_crash, report_silence
from harness.virtual.device.logbuffer import LogBuffer
from harness.virtual.device.running import RunningApp
from harness.virtual.host import Crash, HostTimeout
from tests.virtual.fakes.app_process import FakeApp


def test_a_crash_is_what_android_logs() -> None:
    log, process = LogBuffer(), FakeApp()
    app = RunningApp("org.x", process, {"org.x/org.x.A": "resumed"})
    report_crash(log, app, Crash("main", "java.lang.Error", "java.lang.Error: no\n\tat a.B.c(B)"))
    assert [(record.tag, record.message) for record in log.records()] == [
        ("AndroidRuntime", "FATAL EXCEPTION: main"),
        ("AndroidRuntime", f"Process: org.x, PID: {process.pid}"),
        ("AndroidRuntime", "java.lang.Error: no"),
        ("AndroidRuntime", "\tat a.B.c(B)"),
        ("ActivityTaskManager", "  Force finishing activity org.x/org.x.A"),
    ]
    assert log.records()[0].pid == process.pid


def test_a_silence_names_the_app_and_its_stack() -> None:
    log = LogBuffer()
    report_silence(log, "org.x", HostTimeout("the main thread is busy in\n\tat a.B.c(B)"))
    assert [record.message for record in log.records()] == [
        "ANR in org.x",
        "the main thread is busy in",
        "\tat a.B.c(B)",
    ]
