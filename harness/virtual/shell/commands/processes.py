"""Processes: ps, pidof, top, kill. They are the running apps, under their real process ids."""

from __future__ import annotations

import os
import re

from harness.virtual.device.running import RunningApp
from harness.virtual.host import HostError
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.commands.files import split_options, user_name

ORIGIN = Origin(Evidence.DOCUMENTED, "toybox help")


def _user(call: Invocation, app: RunningApp) -> str:
    package = call.device.packages.get(app.package)
    return user_name(package.uid if package else 0)


async def _resident_kib(app: RunningApp) -> int:
    try:
        return (await app.process.memory()).resident_bytes // 1024
    except HostError:
        return 0


def _system(call: Invocation) -> list[tuple[str, int, str]]:
    """User, pid and name of what runs besides apps.

    All of it is one process, the daemon; low numbers, which no app can have, stand for its parts.
    """
    return [
        ("root", 1, "init"),
        ("root", 2, "zygote64"),
        ("root" if call.device.as_root else "shell", 3, "adbd"),
        ("system", os.getpid(), "system_server"),
    ]


async def _ps(call: Invocation) -> int:
    letters, _ = split_options(call.args)
    head = "USER           PID  PPID        VSZ    RSS WCHAN            ADDR S NAME"
    lines = [head]
    if letters & set("Ae"):
        for user, pid, name in _system(call):
            lines.append(
                f"{user:<12} {pid:>5} {1:>5} {0:>10} {0:>6} 0                   0 S {name}"
            )
        for app in call.device.activities.running():
            size = await _resident_kib(app)
            lines.append(
                f"{_user(call, app):<12} {app.process.pid:>5} {1:>5} {size:>10} {size:>6} "
                f"0                   0 S {app.package}"
            )
    if wanted := _columns(call.args):
        await call.out(_projected(lines, wanted))
        return 0
    await call.out("".join(line + "\n" for line in lines))
    return 0


def _columns(args: list[str]) -> list[str]:
    match = re.search(r"-o ?(\S+)", " ".join(args))
    return match.group(1).upper().split(",") if match else []


def _projected(lines: list[str], wanted: list[str]) -> str:
    order = ["USER", "PID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "NAME"]
    places = [order.index(name) for name in wanted if name in order]
    rows = [line.split() for line in lines]
    return "".join(" ".join(row[place] for place in places) + "\n" for row in rows)


async def _pidof(call: Invocation) -> int:
    names = [word for word in call.args if not word.startswith("-")]
    found = [
        str(app.process.pid) for app in call.device.activities.running() if app.package in names
    ]
    found += [str(pid) for _, pid, name in _system(call) if name in names]
    if not found:
        return 1
    await call.out(" ".join(found) + "\n")
    return 0


async def _top(call: Invocation) -> int:
    lines = ["  PID USER         PR  NI VIRT  RES  SHR S[%CPU] %MEM     TIME+ ARGS"]
    for app in call.device.activities.running():
        size = await _resident_kib(app) // 1024
        lines.append(
            f"{app.process.pid:>5} {_user(call, app):<12} 10 -10 {size}M {size}M    0 S  0.0   0.0"
            f"   0:00.00 {app.package}"
        )
    await call.out("".join(line + "\n" for line in lines))
    return 0


async def _kill(call: Invocation) -> int:
    words = [word for word in call.args if not re.fullmatch(r"-(\d+|[A-Z]+|s)", word)]
    status = 0
    apps = {str(app.process.pid): app for app in call.device.activities.running()}
    for word in words:
        app = apps.get(word)
        package = call.device.packages.get(app.package) if app else None
        if app is None:
            status = 1
            await call.err(f"/system/bin/sh: kill: {word}: No such process\n")
        elif call.state.uid not in (0, package.uid if package else 0):
            status = 1
            await call.err(f"/system/bin/sh: kill: {word}: Operation not permitted\n")
        else:
            await app.process.terminate()
    return status


COMMANDS: dict[str, Command] = table(
    ORIGIN, {"ps": _ps, "pidof": _pidof, "top": _top, "kill": _kill}
)
