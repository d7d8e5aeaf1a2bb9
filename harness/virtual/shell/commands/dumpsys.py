"""`dumpsys`: the services and lines that clients of adb parse; other services are absent.

The texts follow the `dump` methods of AOSP's services in the lines shown; everything else of those
long reports is left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from harness.virtual.device.activities import LAUNCHER_ACTIVITY
from harness.virtual.host import Focus, HostError, ImeState
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.commands import dump_package
from harness.virtual.shell.commands.intents import short

ORIGIN = Origin(Evidence.UNVERIFIED, "lines after AOSP dump methods; layout between them differs")

Dump = Callable[[Invocation, list[str]], Awaitable[str]]
_NO_IME = ImeState(False, False, "", "", 0, 0, "")


async def _package(call: Invocation, words: list[str]) -> str:
    names = [word for word in words if not word.startswith("-")]
    return dump_package.dump(call.device, names[0] if names else "")


async def _focus(call: Invocation) -> Focus:
    try:
        return await call.device.activities.focus()
    except HostError:
        return Focus("", "")


async def _window(call: Invocation, words: list[str]) -> str:
    focus = await _focus(call)
    width, height = call.device.display.size_px
    title = focus.window_title
    window = f"Window{{{_token(title)} u0 {title}}}" if title else "null"
    record = f"ActivityRecord{{{_token(focus.component)} u0 {short(focus.component)} t1}}"
    app = record if focus.component else "null"
    windows = "".join(
        f"  Window #{index} Window{{{_token(name)} u0 {name}}}:\n"
        for index, name in enumerate([title] if title else [])
    )
    return (
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)\n"
        "  Display: mDisplayId=0\n"
        f"    init={width}x{height} {call.device.display.density}dpi cur={width}x{height} "
        f"app={width}x{height} rng={width}x{width}-{height}x{height}\n"
        f"  mCurrentFocus={window}\n"
        f"  mFocusedApp={app}\n\n"
        "WINDOW MANAGER WINDOWS (dumpsys window windows)\n"
        f"{windows}"
        f"  mCurrentFocus={window}\n"
        f"  mFocusedApp={app}\n"
        "WINDOW MANAGER POLICY STATE (dumpsys window policy)\n"
        "    mShowingLockscreen=false mDreamingLockscreen=false mInputRestricted=false\n"
    )


async def _input_method(call: Invocation, words: list[str]) -> str:
    app = call.device.activities.foreground()
    state = _NO_IME
    if app is not None:
        try:
            state = await app.process.ime_state()
        except HostError:
            state = _NO_IME
    shown = "true" if state.shown else "false"
    current = call.device.settings.get("secure", "default_input_method") or ""
    return (
        "Current Input Method Manager state:\n"
        f"  mCurMethodId={current}\n"
        f"  mCurId={current} mHaveConnection=true mBoundToMethod=true\n"
        f"  mInputShown={shown}\n"
        f"    mShowRequested={shown} mShowExplicitlyRequested=false\n"
        f"  mServedView=null\n"
        f"Input method service state for {current}:\n"
        f"  mIsInputViewShown={shown}\n"
        f"  mInputEditorInfo:\n"
        f"    inputType=0x{state.input_type:x} imeOptions=0x{state.ime_options:x}\n"
        f"    hintText={state.hint or 'null'} packageName={state.package or 'null'} "
        f"fieldName={state.field_id or 'null'}\n"
    )


async def _activity(call: Invocation, words: list[str]) -> str:
    focus = await _focus(call)
    component = focus.component or LAUNCHER_ACTIVITY
    record = f"ActivityRecord{{{_token(component)} u0 {short(component)} t1}}"
    lines = ["ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)", "Display #0"]
    for app in reversed(call.device.activities.running()):
        for name, state in app.activities.items():
            lines.append(f"    * Hist  #0: ActivityRecord{{{_token(name)} u0 {short(name)} t1}}")
            lines.append(f"      packageName={app.package} processName={app.package}")
            lines.append(f"      state={state.upper()}")
    lines += [
        f"    topResumedActivity={record}",
        f"    mResumedActivity: {record}",
        f"  ResumedActivity: {record}",
        "",
    ]
    if words[:1] == ["top"]:
        app_in_front = call.device.activities.foreground()
        pid = app_in_front.process.pid if app_in_front else 0
        name = component.partition("/")[0]
        lines = [
            f"TASK {name} id=1 userId=0",
            f"  ACTIVITY {short(component)} {_token(component)} pid={pid}",
            "",
        ]
    return "\n".join(lines)


async def _display(call: Invocation, words: list[str]) -> str:
    width, height = call.device.display.size_px
    return (
        "DISPLAY MANAGER (dumpsys display)\n"
        "  mStableDisplaySize=Point(" + f"{width}, {height})\n"
        "  mViewports=[DisplayViewport{type=INTERNAL, valid=true, isActive=true, displayId=0, "
        f"uniqueId='local:0', physicalPort=0, orientation=0, logicalFrame=Rect(0, 0 - {width}, "
        f"{height}), physicalFrame=Rect(0, 0 - {width}, {height}), deviceWidth={width}, "
        f"deviceHeight={height}}}]\n"
        f'  mBaseDisplayInfo=DisplayInfo{{"Built-in Screen", displayId 0, real {width} x {height}, '
        f"density {call.device.display.density}, rotation 0}}\n"
        "  mPowerState=ON state=ON\n"
    )


async def _battery(call: Invocation, words: list[str]) -> str:
    return (
        "Current Battery Service state:\n  AC powered: true\n  USB powered: false\n"
        "  Wireless powered: false\n  status: 5\n  health: 2\n  present: true\n  level: 100\n"
        "  scale: 100\n  voltage: 5000\n  temperature: 250\n  technology: Li-ion\n"
    )


async def _power(call: Invocation, words: list[str]) -> str:
    return (
        "POWER MANAGER (dumpsys power)\n  mWakefulness=Awake\n  mInteractive=true\n"
        "Display Power: state=ON\n"
    )


async def _meminfo(call: Invocation, words: list[str]) -> str:
    lines = ["Applications Memory Usage (in Kilobytes):"]
    for app in call.device.activities.running():
        memory = await app.process.memory()
        total = memory.resident_bytes // 1024
        lines.append(f"** MEMINFO in pid {app.process.pid} [{app.package}] **")
        lines.append(f"           TOTAL PSS: {total:>8}            TOTAL RSS: {total:>8}")
    return "\n".join(lines) + "\n"


_SERVICES: dict[str, Dump] = {
    "package": _package,
    "window": _window,
    "input_method": _input_method,
    "activity": _activity,
    "display": _display,
    "battery": _battery,
    "power": _power,
    "meminfo": _meminfo,
}


async def _dumpsys(call: Invocation) -> int:
    words = [word for word in call.args if word not in ("--proto",)]
    if words[:1] == ["-l"] or not words:
        await call.out(
            "Currently running services:\n" + "".join(f"  {n}\n" for n in sorted(_SERVICES))
        )
        return 0
    dump = _SERVICES.get(words[0])
    if dump is None:
        return await call.fail(f"Can't find service: {words[0]}", 0)
    await call.out(await dump(call, words[1:]))
    return 0


def _token(name: str) -> str:
    """Seven hex digits that stay the same for a name, like an object's hash code."""
    value = 0
    for char in name:
        value = (value * 31 + ord(char)) & 0xFFFFFFF
    return f"{value:07x}"


COMMANDS: dict[str, Command] = table(ORIGIN, {"dumpsys": _dumpsys})
