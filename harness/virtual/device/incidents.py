"""What Android's log says when an app crashes or does not answer.

Lines after AOSP `com.android.internal.os.RuntimeInit` (crash) and
`com.android.server.am.ProcessErrorStateRecord` (ANR), Android 14.
"""

from __future__ import annotations

from harness.virtual.device.logbuffer import ERROR, WARN, LogBuffer
from harness.virtual.device.running import RunningApp
from harness.virtual.host import Crash, HostError, HostTimeout


def report_crash(log: LogBuffer, app: RunningApp, crash: Crash) -> None:
    """An uncaught exception."""
    pid = app.process.pid
    lines = [
        f"FATAL EXCEPTION: {crash.thread}",
        f"Process: {app.package}, PID: {pid}",
        *crash.trace.splitlines(),
    ]
    for line in lines:
        log.system(ERROR, "AndroidRuntime", line, pid)
    top = app.resumed or app.package
    log.system(WARN, "ActivityTaskManager", f"  Force finishing activity {top}")


def report_silence(log: LogBuffer, package: str, timeout: HostTimeout) -> None:
    """No answer in time; the error holds the main thread's stack if that is known."""
    for line in [f"ANR in {package}", *str(timeout).splitlines()]:
        log.system(ERROR, "ActivityManager", line)


def first_line(error: HostError) -> str:
    """What happened, without the stack that may follow."""
    return error.what.partition("\n")[0]
