"""`leak-harness doctor`: what this machine and a device need for a run, with the remedies.

One line a check: `ok`, `note` (a limit, no obstacle) or `FAIL`, and below it the remedy. Nothing is
installed, fetched or changed. Exit code 0 when nothing fails, 1 otherwise.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from harness.device.adb import AdbServer, binary
from harness.device.checkup import FAIL, NOTE, OK, Check, check_device, failed
from harness.device.server import user_port
from harness.errors import HarnessError, LabError

SCHEMA = 1
EXIT_FAILED = 1
MIN_PYTHON = (3, 11)
_PTRACE_SCOPE = Path("/proc/sys/kernel/yama/ptrace_scope")


def _python() -> Check:
    seen = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < MIN_PYTHON:
        return Check("Python", FAIL, seen, "install Python 3.11 or newer and run make setup")
    return Check("Python", OK, seen)


def _java() -> Check:
    from harness.virtual.toolchain import java

    return Check("Java 17", OK, str(java()))


def _node() -> Check:
    from harness.virtual.toolchain import node

    return Check("Node.js", OK, str(node()))


def _artifacts() -> Check:
    from harness.virtual.toolchain.lock import load_lock
    from harness.virtual.toolchain.store import missing

    names = tuple(load_lock().sets)
    lacking = missing(names)
    if lacking:
        seen = f"{len(lacking)} files are not in the cache yet"
        return Check("artifacts", NOTE, seen, "make setup fetches them; the first start would, too")
    return Check("artifacts", OK, f"{len(names)} sets in the cache")


def _chromium() -> Check:
    from harness.virtual.toolchain.chromium import REMEDY, present

    program = present()
    if program:
        return Check("Chromium", OK, program)
    seen = "none yet; the first web page of an app would fetch one"
    return Check("Chromium", NOTE, seen, f"make setup fetches it; or {REMEDY}")


def _adb() -> Check:
    program = binary()
    try:
        done = subprocess.run(
            [program, "version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        remedy = "pip install adbutils brings one; or set ADBUTILS_ADB_PATH"
        return Check("adb", FAIL, f"{program}: {error}", remedy)
    version = done.stdout.splitlines()[1:2] or done.stdout.splitlines()[:1]
    return Check("adb", OK, f"{' '.join(version)}, {program}")


def ptrace(scope: str | None) -> Check:
    """What yama's setting (kernel `Documentation/admin-guide/LSM/Yama.rst`) means for Frida."""
    if scope in (None, "0", "1"):
        meaning = {None: "no yama", "0": "classic", "1": "restricted, which app processes allow"}
        return Check("ptrace", OK, meaning[scope])
    seen = {"2": "only administrators may attach", "3": "nobody may attach"}.get(scope, scope)
    remedy = "sudo sysctl kernel.yama.ptrace_scope=1 (3 needs a reboot), or another machine"
    return Check("ptrace", FAIL, f"ptrace_scope {scope}: {seen}", remedy)


def _ptrace() -> Check:
    return ptrace(_PTRACE_SCOPE.read_text().strip() if _PTRACE_SCOPE.exists() else None)


def _containment() -> Check:
    from harness.virtual.host.guard.support import REMEDY, uncontained

    reason = uncontained()
    if reason:
        seen = f"programs and native code of apps are not held ({reason}): runs are inconclusive"
        return Check("containment", FAIL, seen, REMEDY)
    return Check("containment", OK, "the kernel holds what apps send past the virtual internet")


def _commands() -> Check:
    from harness.virtual.shell.commands.provenance import unverified

    names = ", ".join(unverified())
    return Check("shell", OK, f"nobody has compared the texts of {names} (docs/commands.md)")


def _agent() -> Check:
    from harness.agent.bundle import agent_source
    from harness.agent.probe import VERSION

    return Check("agent", OK, f"{len(agent_source()) // 1024} KiB for Frida {VERSION}")


MACHINE: dict[str, Callable[[], Check]] = {
    "Python": _python,
    "Java 17": _java,
    "Node.js": _node,
    "artifacts": _artifacts,
    "Chromium": _chromium,
    "adb": _adb,
    "ptrace": _ptrace,
    "containment": _containment,
    "shell": _commands,
    "agent": _agent,
}
"""Name -> check of this machine, in the order shown."""


def check_machine() -> list[Check]:
    """All checks of this machine."""
    checks = []
    for name, check in MACHINE.items():
        try:
            checks.append(check())
        except HarnessError as error:
            checks.append(failed(name, error))
    return checks


def _ask_frida(serial: str, adb_port: int) -> str:
    from harness.agent.probe import VERSION, answering

    return f"{answering(serial, adb_port)} answers Frida {VERSION}"


def _of_device(serial: str, package: str) -> list[Check]:
    try:
        server = AdbServer(user_port())
    except LabError as error:
        return [failed("adb server", error)]
    return check_device(server, serial, package, _ask_frida)


def render(checks: list[Check]) -> str:
    """One line a check, the remedy below what is not ok."""
    width = max(len(check.name) for check in checks)
    lines = []
    for check in checks:
        state = "FAIL" if check.state == FAIL else check.state
        lines.append(f"{state:<4}  {check.name:<{width}}  {check.seen}")
        if check.remedy:
            lines.append(f"{'':<4}  {'':<{width}}  do: {check.remedy}")
    return "\n".join(lines)


@click.command(name="doctor")
@click.option("--device", "serial", default="", help="Check this device, too (an adb serial).")
@click.option("--package", default="", help="With --device: check this installed app, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def command(serial: str, package: str, as_json: bool) -> None:
    """Check this machine and a device, with the remedy for what fails."""
    if package and not serial:
        raise click.UsageError("--package needs --device")
    checks = check_machine() + (_of_device(serial, package) if serial else [])
    passed = all(check.state != FAIL for check in checks)
    if as_json:
        document = {"schema": SCHEMA, "ok": passed, "checks": [asdict(c) for c in checks]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        click.echo(render(checks))
    if not passed:
        raise SystemExit(EXIT_FAILED)
