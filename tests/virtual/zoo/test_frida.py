"""frida-tools and objection through adb: the device's Frida endpoint as they see it."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.virtual.daemon import VirtualDevice
from tests.virtual.zoo.conftest import PACKAGE, Program
from tests.virtual.zoo.rows import LIMITED, REFUSED, shows

pytestmark = [pytest.mark.device, pytest.mark.slow, pytest.mark.xdist_group("zoo")]

TOOLS, OBJECTION = "frida-tools 14 (`-D SERIAL`)", "objection 1.12"
Programs = Callable[..., Program]


@shows(TOOLS, "`frida-ls-devices`")
def test_it_is_listed(zoo_program: Programs, zoo_device: VirtualDevice) -> None:
    listed = zoo_program("frida-ls-devices")().stdout
    assert re.search(rf"{re.escape(zoo_device.serial)} +usb +Virtual Android", listed)


@shows(
    TOOLS,
    "`frida-ps`, `frida-ps -ai`",
    LIMITED,
    "every app is listed as `java` under its pid; `adb shell pidof PACKAGE` tells which it is",
)
def test_processes(zoo_program: Programs, zoo_device: VirtualDevice, clinic_pid: int) -> None:
    for options in ([], ["-ai"]):
        done = zoo_program("frida-ps")("-D", zoo_device.serial, *options)
        assert done.returncode == 0, done.stderr
        assert re.search(rf"^ *{clinic_pid} +java\b", done.stdout, re.M), done.stdout


@shows(TOOLS, "`frida -p PID -e CODE`, `frida -p PID -l SCRIPT`, `Java.use` in it")
def test_scripts(
    zoo_program: Programs, zoo_device: VirtualDevice, clinic_pid: int, tmp_path: Path
) -> None:
    frida = zoo_program("frida", "-D", zoo_device.serial, "-p", str(clinic_pid), "-q")
    done = frida("-e", "Process.id + ' ' + Java.available", "-t", "1")
    assert f"{clinic_pid} true" in done.stdout, done.stdout + done.stderr
    script = tmp_path / "hook.js"
    script.write_text(
        "Java.perform(() => console.log("
        "'loaded in ' + Process.id + Java.use('java.lang.String').$new('!').toString()));"
    )
    done = frida("-l", script, "-t", "1")
    assert f"loaded in {clinic_pid}!" in done.stdout, done.stdout + done.stderr


@shows(
    TOOLS,
    "`frida -f PACKAGE`, `-F`, `-n PACKAGE`",
    REFUSED,
    "`not supported`: nothing is spawned through Frida here; use `am start -D`, then `-p PID`",
)
def test_spawning(zoo_program: Programs, zoo_device: VirtualDevice) -> None:
    frida = zoo_program("frida", "-D", zoo_device.serial, "-q", "-t", "1", "-e", "1")
    for words in (["-f", PACKAGE], ["-F"]):
        done = frida(*words)
        assert done.returncode == 1
        assert "not supported" in done.stdout + done.stderr
    done = frida("-n", PACKAGE)
    assert done.returncode == 1
    assert "unable to find process with name" in done.stdout + done.stderr


@shows(TOOLS, "`frida-trace -p PID -i open` until it is interrupted")
def test_tracing(
    zoo_program: Programs,
    zoo_device: VirtualDevice,
    clinic_pid: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # it writes its handlers there
    trace = zoo_program("frida-trace").start(
        "-D", zoo_device.serial, "-p", clinic_pid, "-i", "open"
    )
    assert trace.stdout is not None
    seen: list[str] = []
    while not any("Started tracing 1 function" in line for line in seen):
        line = trace.stdout.readline()
        assert line, seen
        seen.append(line)
    trace.send_signal(signal.SIGINT)
    trace.communicate(timeout=60)


@shows(
    TOOLS,
    "`frida-ls`",
    REFUSED,
    "`unable to find process with pid 0`: there is no Frida server beside the apps; use adb",
)
def test_files(zoo_program: Programs, zoo_device: VirtualDevice) -> None:
    done = zoo_program("frida-ls")("-D", zoo_device.serial, "/")
    assert done.returncode == 1
    assert "unable to find process with pid 0" in done.stdout + done.stderr


@shows(TOOLS, "`frida-kill PID`")
def test_killing(
    zoo_program: Programs, zoo_device: VirtualDevice, clinic_pid: int, adb36: Program
) -> None:
    assert zoo_program("frida-kill")("-D", zoo_device.serial, clinic_pid).returncode == 0
    gone = (
        f"for i in 1 2 3 4 5 6 7 8 9; do pidof {PACKAGE} || break; sleep 1; done; pidof {PACKAGE}"
    )
    assert adb36("shell", gone).returncode == 1
    log = adb36("logcat", "-d").stdout
    assert f"Process {PACKAGE} (pid {clinic_pid}) has died" in log


@shows(
    OBJECTION,
    "`objection -S SERIAL -n PID run env`",
    REFUSED,
    "it attaches and loads its agent, then asks for Frida's system parameters: `not supported`",
)
def test_objection(zoo_program: Programs, zoo_device: VirtualDevice, clinic_pid: int) -> None:
    done = zoo_program("objection")("-S", zoo_device.serial, "-n", clinic_pid, "run", "env")
    assert done.returncode == 1
    assert "NotSupportedError: not supported" in done.stdout + done.stderr
