"""Log text as Android 14 writes it (`logcat -v epoch`)."""

from __future__ import annotations

from harness.device import logcat

LOG = """\
--------- beginning of main
      1700000000.123  1234  1234 I Clinic  : search: started
      1700000001.500  1234  1260 D OkHttp  : --> GET https://x.example/?a: b
--------- beginning of crash
      1700000005.000  1234  1234 E AndroidRuntime: FATAL EXCEPTION: main
      1700000005.000  1234  1234 E AndroidRuntime: Process: org.example.clinic, PID: 1234
      1700000005.000  1234  1234 E AndroidRuntime: java.lang.IllegalStateException: boom
      1700000005.000  1234  1234 E AndroidRuntime: \tat org.example.clinic.A.b(A.java:3)
      1700000006.000  1234  1234 I Process : Sending signal. PID: 1234 SIG: 9
      1700000007.000   990   990 F DEBUG   : Cmdline: org.example.native
      1700000007.000   990   990 F DEBUG   : pid: 1, tid: 1, name: main  >>> org.example.native <<<
      1700000007.000   990   990 F DEBUG   : signal 11 (SIGSEGV), code 1 (SEGV_MAPERR)
      1700000008.000   500   520 E ActivityManager: ANR in org.example.slow (org.example.slow/.Main)
"""
LINES = logcat.parse(LOG)


def test_lines() -> None:
    assert len(LINES) == 11
    first = LINES[1]
    assert (first.time_s, first.pid, first.tid, first.priority) == (1700000001.5, 1234, 1260, "D")
    assert (first.tag, first.message) == ("OkHttp", "--> GET https://x.example/?a: b")


def test_a_java_crash_with_its_frames() -> None:
    found = logcat.crash(LINES, "org.example.clinic", 1700000000)
    assert found is not None
    assert found.splitlines()[0] == "FATAL EXCEPTION: main"
    assert found.splitlines()[-1].strip() == "at org.example.clinic.A.b(A.java:3)"


def test_only_this_app_and_only_since_then() -> None:
    assert logcat.crash(LINES, "org.example.clinic", 1700000005.5) is None
    assert logcat.crash(LINES, "org.example", 1700000000) is None


def test_other_processes_of_the_app_count() -> None:
    log = LOG.replace("Process: org.example.clinic,", "Process: org.example.clinic:push,")
    assert logcat.crash(logcat.parse(log), "org.example.clinic", 0) is not None


def test_native_crash_and_hang() -> None:
    native = logcat.crash(LINES, "org.example.native", 0)
    assert native is not None
    assert "SIGSEGV" in native
    hang = logcat.crash(LINES, "org.example.slow", 0)
    assert hang is not None
    assert hang.startswith("application not responding")
