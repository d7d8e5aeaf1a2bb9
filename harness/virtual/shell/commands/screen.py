"""`uiautomator`, `screencap`, `screenrecord`, `wm`: what is on the screen, and how large it is."""

from __future__ import annotations

import re

from harness.virtual.host import CommandFailed, HostError
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table

UIAUTOMATOR = Origin(Evidence.SOURCE, "AOSP cmds/uiautomator/.../DumpCommand.java")
SCREENCAP = Origin(Evidence.DOCUMENTED, "AOSP cmds/screencap/screencap.cpp")
WM = Origin(Evidence.DOCUMENTED, "AOSP WindowManagerShellCommand.java")
_DEFAULT_DUMP = "/sdcard/window_dump.xml"
_FAILURES = {
    "not_idle": "ERROR: could not get idle state.",
    "no_window": "ERROR: null root node returned by UiTestAutomationBridge.",
}


async def _uiautomator(call: Invocation) -> int:
    if call.args[:1] != ["dump"]:
        return await call.fail("Unknown command: " + " ".join(call.args[:1]), 1)
    path = next((word for word in call.args[1:] if not word.startswith("-")), _DEFAULT_DUMP)
    app = call.device.activities.foreground()
    try:
        if app is None:
            xml = call.device.display.launcher_hierarchy()
        else:
            xml = await app.process.dump_hierarchy("--compressed" in call.args)
    except CommandFailed as error:
        # Android's command prints the error and still ends with status 0.
        await call.err(_FAILURES.get(error.kind, f"ERROR: {error.what}") + "\n")
        return 0
    except HostError:
        await call.err(_FAILURES["not_idle"] + "\n")
        return 0
    if path == "/dev/tty":
        await call.out(xml)
        await call.out("UI hierchary dumped to: /dev/tty\n")
        return 0
    try:
        call.device.files.writable(path, call.state.cwd, uid=call.state.uid).write_bytes(xml)
    except OSError as error:
        return await call.fail(
            f"java.io.FileNotFoundException: {path}: open failed: {error.strerror}"
        )
    await call.out(f"UI hierchary dumped to: {path}\n")
    return 0


async def _screencap(call: Invocation) -> int:
    words = [word for word in call.args if not word.startswith("-") and not word.isdigit()]
    path = words[0] if words else ""
    if "-p" not in call.args and not path.endswith(".png"):
        return await call.fail("screencap: only PNG is supported here; use -p")
    app = call.device.activities.foreground()
    try:
        picture = call.device.display.wallpaper() if app is None else await app.process.screenshot()
    except HostError:
        return await call.fail("Failed to take screenshot. Status: -1")
    if not path:
        await call.out(picture)
        return 0
    try:
        call.device.files.writable(path, call.state.cwd, uid=call.state.uid).write_bytes(picture)
    except OSError as error:
        return await call.fail(f"Error opening file: {path} ({error.strerror})")
    return 0


async def _screenrecord(call: Invocation) -> int:
    return await call.fail("ERROR: unable to create video/avc codec instance: no encoder here")


async def _wm(call: Invocation) -> int:
    display = call.device.display
    verb, value = [*call.args, "", ""][:2]
    if verb == "size":
        match = re.fullmatch(r"(\d+)x(\d+)", value)
        if value == "reset":
            display.override_size = None
        elif match:
            display.override_size = (int(match.group(1)), int(match.group(2)))
        elif value:
            return await call.fail(f"Error: expected size in format WxH: {value}", 255)
        else:
            physical = display.physical
            await call.out(f"Physical size: {physical.width_px}x{physical.height_px}\n")
            if display.override_size:
                width, height = display.override_size
                await call.out(f"Override size: {width}x{height}\n")
        return 0
    if verb == "density":
        if value == "reset":
            display.override_density = None
        elif value.isdigit() and int(value) >= 72:
            display.override_density = int(value)
        elif value:
            return await call.fail(f"Error: density must be >= 72: {value}", 255)
        else:
            await call.out(f"Physical density: {display.physical.density_dpi}\n")
            if display.override_density:
                await call.out(f"Override density: {display.override_density}\n")
        return 0
    return await call.fail(f"Unknown command: {verb}", 255)


COMMANDS: dict[str, Command] = (
    table(UIAUTOMATOR, {"uiautomator": _uiautomator})
    | table(SCREENCAP, {"screencap": _screencap, "screenrecord": _screenrecord})
    | table(WM, {"wm": _wm})
)
