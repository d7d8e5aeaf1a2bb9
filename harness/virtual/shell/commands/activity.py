"""`am`, `cmd activity` and `monkey`: starting, stopping and debugging apps."""

from __future__ import annotations

import re
import time

from harness.virtual.device.starting import NoSuchActivity, NotStarted, Start
from harness.virtual.host import HostError, StartResult
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, Runner, table
from harness.virtual.shell.commands import intents, runtime, services
from harness.virtual.shell.commands.exceptions import thrown

ORIGIN = Origin(Evidence.SOURCE, "AOSP ActivityManagerShellCommand.java")
MONKEY = Origin(Evidence.DOCUMENTED, "AOSP development/cmds/monkey, Monkey.java")
_FRONT = "Warning: Activity not started, its current task has been brought to the front"
_NO_ACTIVITY_STATUS = 1


async def _start(call: Invocation) -> int:
    try:
        words = intents.parse(call.args)
    except BadArgument as error:
        return await thrown(call, call.argv[0], f"java.lang.IllegalArgumentException: {error}")
    if not (words.component or words.action or words.data or words.package):
        return await thrown(
            call, call.argv[0], "java.lang.IllegalArgumentException: No intent supplied"
        )
    component = intents.resolve(call.device, words)
    if component and "-S" in words.options:
        await call.out(f"Stopping: {component.partition('/')[0]}\n")
    await call.out(f"Starting: {words.text()}\n")
    # With -W warnings and errors belong to the answer, without it they go to stderr.
    say = call.out if "-W" in words.options else call.err
    if not component:
        await say(f"Error: Activity not started, unable to resolve {words.text()}\n")
        return _NO_ACTIVITY_STATUS
    if not intents.declared(call.device, component):
        await call.out("Error type 3\n")
        await say(f"Error: Activity class {{{component}}} does not exist.\n")
        return _NO_ACTIVITY_STATUS
    package = component.partition("/")[0]
    request = Start(
        package,
        words.spec(component),
        debug="-D" in words.options,
        stop_first="-S" in words.options,
    )
    if "-W" in words.options:
        return await _start_and_wait(call, request)
    return await _start_only(call, request)


BadArgument = intents.BadIntent


async def _start_only(call: Invocation, request: Start) -> int:
    existing = call.device.activities.app(request.package)
    try:
        await call.device.activities.begin(request)
    except (NoSuchActivity, NotStarted) as error:
        await call.err(f"Error: Activity not started: {error}\n")
        return 0
    if existing is not None and not request.stop_first and not request.debug:
        await call.err(_FRONT + "\n")
    return 0


async def _start_and_wait(call: Invocation, request: Start) -> int:
    began = time.monotonic()
    try:
        result = await call.device.activities.start(request)
    except NoSuchActivity as error:
        await call.out(f"Error type 3\nError: Activity class {{{error}}} does not exist.\n")
        return _NO_ACTIVITY_STATUS
    except NotStarted as error:
        if error.timeout:
            await call.out(
                f"Status: timeout\nActivity: {intents.short(request.intent.component)}\n"
            )
            await call.out("Complete\n")
            return 0
        await call.out(f"Error: Activity not started: {error}\n")
        return _NO_ACTIVITY_STATUS
    wait_ms = int((time.monotonic() - began) * 1000)
    await call.out(_report(result, wait_ms))
    return 0


def _report(result: StartResult, wait_ms: int) -> str:
    front = f"{_FRONT}\n" if result.brought_to_front else ""
    return (
        f"{front}Status: ok\nLaunchState: {result.launch_state}\n"
        f"Activity: {intents.short(result.component)}\n"
        f"TotalTime: {result.total_time_ms}\nWaitTime: {wait_ms}\nComplete\n"
    )


async def _force_stop(call: Invocation) -> int:
    names = [word for word in call.args if not word.startswith("-") and word != "0"]
    for name in names:
        await call.device.activities.stop(name)
    return 0


async def _kill(call: Invocation) -> int:
    """`am kill` ends only what is in the background."""
    front = call.device.activities.foreground()
    for name in (word for word in call.args if "." in word):
        if front is None or front.package != name:
            await call.device.activities.stop(name)
    return 0


async def _kill_all(call: Invocation) -> int:
    front = call.device.activities.foreground()
    for app in call.device.activities.running():
        if app is not front:
            await call.device.activities.stop(app.package)
    return 0


async def _broadcast(call: Invocation) -> int:
    try:
        words = intents.parse(call.args)
    except BadArgument as error:
        return await thrown(call, call.argv[0], f"java.lang.IllegalArgumentException: {error}")
    words.flags |= 0x400000  # FLAG_RECEIVER_FROM_SHELL
    await call.out(f"Broadcasting: {words.text()}\n")
    target = intents.full(words.component) if words.component else ""
    for app in call.device.activities.running():
        wanted = target.partition("/")[0] or words.package
        if wanted in ("", app.package):
            try:
                await app.process.broadcast(words.spec(target))
            except HostError as error:
                await call.err(f"{error}\n")
    await call.out("Broadcast completed: result=0\n")
    return 0


async def _current_user(call: Invocation) -> int:
    await call.out("0\n")
    return 0


async def _set_debug_app(call: Invocation) -> int:
    names = [word for word in call.args if not word.startswith("-")]
    if not names:
        return await thrown(
            call, call.argv[0], 'java.lang.IllegalArgumentException: Argument expected after "-w"'
        )
    call.device.activities.debug_app = names[0] if "-w" in call.args else ""
    await call.device.activities.stop(names[0])  # AOSP ActivityManagerService.setDebugApp
    return 0


async def _clear_debug_app(call: Invocation) -> int:
    call.device.activities.debug_app = ""
    return 0


async def _quiet(call: Invocation) -> int:
    return 0


_VERBS: dict[str, Runner] = {
    "start": _start,
    "start-activity": _start,
    "force-stop": _force_stop,
    "stop-app": _force_stop,
    "kill": _kill,
    "kill-all": _kill_all,
    "instrument": runtime.instrument,
    "broadcast": _broadcast,
    **services.VERBS,
    "get-current-user": _current_user,
    "set-debug-app": _set_debug_app,
    "clear-debug-app": _clear_debug_app,
    "wait-for-broadcast-idle": _quiet,
}


async def run(call: Invocation) -> int:
    """`am VERB ...`."""
    if not call.args:
        await call.out(
            "Activity manager (activity) commands:\n  help\n      Print this help text.\n"
        )
        return 0
    runner = _VERBS.get(call.args[0])
    if runner is None:
        return await call.fail(f"Unknown command: {call.args[0]}", 255)
    return await runner(call.again(call.args))


async def _monkey(call: Invocation) -> int:
    """`monkey -p PKG [-c CATEGORY] 1`: the usual way to launch an app; other events are refused."""
    line = " ".join(call.args)
    match = re.search(r"-p (\S+)", line)
    if match is None or not re.search(r"(^| )1$", line):
        return await call.fail(
            "** Error: only `monkey -p PACKAGE -c CATEGORY 1` is supported here", 255
        )
    name = match.group(1)
    package = call.device.packages.get(name)
    if package is None or not package.manifest.launcher_activity:
        await call.out("** No activities found to run, monkey aborted.\n")
        return 252
    words = intents.parse(["-a", intents.MAIN, "-c", intents.LAUNCHER])
    component = package.manifest.launcher_component
    try:
        await call.device.activities.start(Start(name, words.spec(component)))
    except (NoSuchActivity, NotStarted) as error:
        return await call.fail(f"** Error: {error}", 255)
    await call.out(
        "Events injected: 1\n"
        "## Network stats: elapsed time=0ms (0ms mobile, 0ms wifi, 0ms not connected)\n"
    )
    return 0


COMMANDS: dict[str, Command] = table(ORIGIN, {"am": run}) | table(MONKEY, {"monkey": _monkey})
