"""What must be right on a device before a run, checked one by one.

Input: a device, a way to ask Frida. Output: `Check`s with the remedy for what fails. Changes
nothing on the device. `note` is for what limits a run without stopping it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.device.adb import AdbServer
from harness.device.device import Device
from harness.errors import HarnessError, LabError

MIN_API_LEVEL = 26
ABIS = ("x86_64", "x86", "arm64-v8a", "armeabi-v7a")

OK, NOTE, FAIL = "ok", "note", "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a check-up; `state` is `ok`, `note` or `fail`, `remedy` empty when ok."""

    name: str
    state: str
    seen: str
    remedy: str = ""


def failed(name: str, error: HarnessError) -> Check:
    """An error as a check that failed."""
    seen = f"{error.what}: {error.seen}" if error.seen else error.what
    return Check(name, FAIL, " ".join(seen.split()), error.action)


def check_device(
    server: AdbServer, serial: str, package: str, ask_frida: Callable[[str, int], str]
) -> list[Check]:
    """All checks of one device; the first failure of reaching it ends them.

    Args:
        package: the app to look at, empty for none.
        ask_frida: serial and adb port -> what answered; raises LabError.
    """
    try:
        state = server.device(serial).state()
    except LabError as error:
        return [failed("adb server", error)]
    if state != "device":
        remedy = "look at `adb devices`; for a network device first `adb connect SERIAL`"
        return [Check("device state", FAIL, f"{serial} is {state}", remedy)]
    device = Device(server.device(serial), "adb")
    checks = [Check("device state", OK, f"{serial} is online")]
    for name, check in (
        ("boot", _boot),
        ("Android", _android),
        ("privileges", _privileges),
        ("animations", _animations),
    ):
        try:
            checks.append(check(device))
        except LabError as error:
            checks.append(failed(name, error))
    checks.append(_frida(device, ask_frida))
    checks += _app(device, package) if package else []
    return checks


def _boot(device: Device) -> Check:
    said = device.shell(["getprop", "sys.boot_completed"]).stdout.strip()
    if said == "1":
        return Check("boot", OK, "completed")
    return Check("boot", FAIL, f"sys.boot_completed is {said!r}", "wait until it has booted")


def _android(device: Device) -> Check:
    info = device.info
    seen = f"{info.model}, Android {info.android_version} (API {info.api_level}), {info.abi}"
    if info.api_level < MIN_API_LEVEL:
        return Check("Android", FAIL, seen, f"use a device with API {MIN_API_LEVEL} or newer")
    if info.abi not in ABIS:
        return Check("Android", FAIL, seen, f"use a device with one of {', '.join(ABIS)}")
    return Check("Android", OK, seen)


def _privileges(device: Device) -> Check:
    uid = device.shell(["id", "-u"]).stdout.strip()
    seen = f"{device.info.build_type or 'unknown'} build, adb runs as uid {uid or 'unknown'}"
    if uid == "0" or device.info.build_type in ("userdebug", "eng"):
        return Check("privileges", OK, seen)
    remedy = "frida-server needs root: use a google_apis or AOSP image, or a rooted phone"
    return Check("privileges", NOTE, seen, remedy)


_SCALES = ("window_animation_scale", "transition_animation_scale", "animator_duration_scale")


def _animations(device: Device) -> Check:
    values = [device.shell(["settings", "get", "global", s]).stdout.strip() for s in _SCALES]
    on = [s for s, value in zip(_SCALES, values, strict=True) if value not in ("0", "0.0")]
    if not on:
        return Check("animations", OK, "off")
    remedy = "for i in " + " ".join(on) + "; do adb shell settings put global $i 0; done"
    return Check("animations", NOTE, f"on ({len(on)} of {len(_SCALES)})", remedy)


def _frida(device: Device, ask_frida: Callable[[str, int], str]) -> Check:
    try:
        return Check("Frida", OK, ask_frida(device.serial, device.adb.server.port))
    except LabError as error:
        return failed("Frida", error)


def _app(device: Device, package: str) -> Iterator[Check]:
    try:
        app = device.app_info(package)
    except LabError as error:
        yield failed("app", error)
        return
    yield Check("app", OK, f"{package} {app.version_name} ({app.version_code})")
    if app.debuggable or device.info.build_type in ("userdebug", "eng"):
        yield Check("early start", OK, "the app can be held at the debugger gate")
    else:
        remedy = "needs Frida's spawn (root); otherwise what runs before the agent is not seen"
        yield Check("early start", NOTE, "the app is not debuggable", remedy)
