"""Properties, identity and clock: getprop, setprop, id, whoami, date, uname, uptime."""

from __future__ import annotations

import re
import time

from harness.virtual.device.properties import PropertyRefused
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.commands.files import user_name

TOOLBOX = Origin(Evidence.DOCUMENTED, "AOSP system/core/toolbox/getprop.cpp, setprop.cpp")
TOYBOX = Origin(Evidence.DOCUMENTED, "toybox help")
_GROUPS = (
    "1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),1078(ext_data_rw),"
    "1079(ext_obb_rw),3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc),"
    "3011(uhid),3012(readtracefs)"
)


async def _getprop(call: Invocation) -> int:
    properties = call.device.properties
    words = [word for word in call.args if not word.startswith("-")]
    if not words:
        await call.out(properties.listing())
        return 0
    default = words[1] if len(words) > 1 else ""
    await call.out((properties.get(words[0]) or default) + "\n")
    return 0


async def _setprop(call: Invocation) -> int:
    if len(call.args) != 2:
        return await call.fail("usage: setprop NAME VALUE\n\nSets an Android system property.")
    name, value = call.args
    try:
        call.device.properties.set(name, value)
    except PropertyRefused:
        return await call.fail(
            f"Failed to set property '{name}' to '{value}'.\nSee dmesg for error reason."
        )
    return 0


async def _id(call: Invocation) -> int:
    uid = call.state.uid
    name = user_name(uid)
    if "-u" in call.args:
        await call.out(f"{name if '-n' in call.args else uid}\n")
        return 0
    context = "u:r:su:s0" if uid == 0 else "u:r:shell:s0"
    who = f"uid={uid}({name}) gid={uid}({name})"
    await call.out(f"{who} groups={uid}({name}),{_GROUPS} context={context}\n")
    return 0


async def _whoami(call: Invocation) -> int:
    await call.out(user_name(call.state.uid) + "\n")
    return 0


async def _date(call: Invocation) -> int:
    pattern = next((word[1:] for word in call.args if word.startswith("+")), "")
    words = call.args
    given = words[words.index("-d") + 1] if "-d" in words[:-1] else ""
    now_ns = time.time_ns()
    if match := re.fullmatch(r"@(\d+)", given):
        now_ns = int(match.group(1)) * 1_000_000_000
    elif given:
        return await call.fail(f"date: bad date '{given}'")
    moment = time.gmtime(now_ns // 1_000_000_000)
    nanoseconds = f"{now_ns % 1_000_000_000:09d}"
    # %N is toybox's, with an optional number of digits.
    pattern = re.sub(r"%(\d?)N", lambda m: nanoseconds[: int(m.group(1) or 9)], pattern)
    await call.out(time.strftime(pattern or "%a %b %e %H:%M:%S UTC %Y", moment) + "\n")
    return 0


_UNAME = {
    "s": "Linux",
    "n": "localhost",
    "r": "6.1.0-virtual",
    "v": "#1 SMP PREEMPT",
    "m": "x86_64",
    "o": "Toybox",
}


async def _uname(call: Invocation) -> int:
    letters = "".join(call.args).replace("-", "") or "s"
    wanted = _UNAME if "a" in letters else {k: v for k, v in _UNAME.items() if k in letters}
    await call.out(" ".join(wanted.values()) + "\n")
    return 0


async def _uptime(call: Invocation) -> int:
    up_s = int(time.monotonic())
    clock = time.strftime("%H:%M:%S", time.gmtime())
    await call.out(f" {clock} up {up_s // 60} min,  0 users,  load average: 0.00, 0.00, 0.00\n")
    return 0


COMMANDS: dict[str, Command] = table(TOOLBOX, {"getprop": _getprop, "setprop": _setprop}) | table(
    TOYBOX,
    {"id": _id, "whoami": _whoami, "date": _date, "uname": _uname, "uptime": _uptime},
)
