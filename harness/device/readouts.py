"""What Android's shell commands print, as values. Pure parsers, no I/O.

Input: the text of one command. Output: frozen values or None where the device has nothing to say.
Formats: AOSP's `am`, `pm`, `dumpsys`, `wm`, `getprop` from API 26 to 35; awkward variants that
people met in the field are named where they are handled. A parser does not raise on text it does
not know; it answers None or empty, and its caller says what that means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from harness.device.facts import Foreground

PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"

_PROPERTY = re.compile(r"^\[([^\]]+)\]: \[(.*?)\]$", re.MULTILINE | re.DOTALL)
_FOCUS = re.compile(r"mCurrentFocus=Window\{\S+ (?:u\d+ )?(\S+)\}")
_RESUMED = re.compile(r"(?:topResumedActivity|mResumedActivity|ResumedActivity)[=:].*? (\S+/\S+)")
_SIZE = re.compile(r"(Physical|Override) size: (\d+)x(\d+)")
_ORIENTATION = re.compile(r"\borientation=([0-3])\b")
_FAILURE = re.compile(r"Failure \[(.*?)\]", re.DOTALL)
_PERMISSION = re.compile(r"^\s+([\w.]+): granted=(true|false)", re.MULTILINE)


def properties(text: str) -> Mapping[str, str]:
    """All of `getprop`; values may hold line breaks."""
    return dict(_PROPERTY.findall(text.replace("\r\n", "\n")))


def foreground(dumpsys_window: str) -> Foreground | None:
    """From `dumpsys window` (or `window displays`): the last focus that is not null.

    Since Android 12 there are several `mCurrentFocus` lines, one a display, some of them null.
    Windows without an activity (`NotificationShade`, `InputMethod`) give the window's name as
    package and no activity.
    """
    found = _FOCUS.findall(dumpsys_window)
    return _component(found[-1]) if found else None


def resumed_activity(dumpsys_activities: str) -> Foreground | None:
    """From `dumpsys activity activities`: the first resumed activity named."""
    match = _RESUMED.search(dumpsys_activities)
    return _component(match.group(1)) if match else None


def _component(text: str) -> Foreground:
    package, _, activity = text.rstrip("}").partition("/")
    if activity.startswith("."):
        activity = package + activity
    return Foreground(package, activity)


def keyboard_shown(dumpsys_input_method: str) -> bool:
    """From `dumpsys input_method`.

    `mInputShown=true` is also true of input methods without a view; `mIsInputViewShown` is what
    says that BACK would close a keyboard rather than leave the screen.
    """
    views = re.findall(r"mIsInputViewShown=(true|false)", dumpsys_input_method)
    if views:
        return "true" in views
    return bool(re.search(r"mInputShown=true", dumpsys_input_method))


def screen_size(wm_size: str, dumpsys_display: str = "") -> tuple[int, int] | None:
    """Width and height in pixels as the user holds the device; an override wins."""
    sizes = {kind: (int(width), int(height)) for kind, width, height in _SIZE.findall(wm_size)}
    size = sizes.get("Override") or sizes.get("Physical")
    if size is None:
        return None
    turned = _ORIENTATION.search(dumpsys_display)
    if turned and turned.group(1) in "13":
        return size[1], size[0]
    return size


@dataclass(frozen=True, slots=True)
class PackageDump:
    """The parts of `dumpsys package PKG` that the harness uses."""

    version_name: str
    version_code: int
    debuggable: bool
    requested: tuple[str, ...]
    granted: tuple[str, ...]
    uid: int | None
    signer: str = ""


def package_dump(text: str, package: str) -> PackageDump | None:
    """None for `Unable to find package: PKG` and for a dump without the package's own block."""
    start = text.find(f"Package [{package}]")
    if start < 0:
        return None
    block = text[start:]
    following = re.search(r"\n  Package \[", block)
    block = block[: following.start()] if following else block
    name = re.search(r"versionName=(.*)", block)
    code = re.search(r"versionCode=(\d+)", block)
    uid = re.search(r"(?:userId|appId)=(\d+)", block)
    signatures = re.search(r"signatures=PackageSignatures\{.*?signatures:\[([^\]]*)\]", block)
    flags = " ".join(re.findall(r"(?:pkgFlags|flags)=\[(.*?)\]", block))
    granted = tuple(name for name, state in _PERMISSION.findall(block) if state == "true")
    return PackageDump(
        version_name=name.group(1).strip() if name else "",
        version_code=int(code.group(1)) if code else 0,
        debuggable="DEBUGGABLE" in flags.split(),
        requested=_requested(block),
        granted=tuple(dict.fromkeys(granted)),
        uid=int(uid.group(1)) if uid else None,
        signer=",".join(re.findall(r"[0-9a-f]{4,}", signatures.group(1))) if signatures else "",
    )


def _requested(block: str) -> tuple[str, ...]:
    match = re.search(r"^( *)requested permissions:\n((?:\1 +\S.*\n?)*)", block, re.MULTILINE)
    if match is None:
        return ()
    names = [line.strip().split(":")[0].split(",")[0] for line in match.group(2).splitlines()]
    return tuple(dict.fromkeys(name for name in names if name))


def package_paths(pm_path: str) -> tuple[str, ...]:
    """`pm path PKG`: the base APK first, then the splits; empty when it is not installed."""
    paths = [line[8:].strip() for line in pm_path.splitlines() if line.startswith("package:")]
    return tuple(sorted(paths, key=lambda path: not path.endswith("base.apk")))


def packages(pm_list: str) -> tuple[str, ...]:
    """`pm list packages`; with `-f` the part after the last `=` is the name."""
    lines = [line[8:].strip() for line in pm_list.splitlines() if line.startswith("package:")]
    return tuple(line.rpartition("=")[2] for line in lines)


def install_failure(output: str) -> str | None:
    """What `pm install` complains of; None when it said `Success`. Never go by its exit code."""
    if re.search(r"^Success", output, re.MULTILINE):
        return None
    match = _FAILURE.search(output)
    if match:
        return match.group(1)
    return " ".join(output.split())[:400] or "no output"


def activity_start_error(output: str) -> str | None:
    """What `am start` complains of (both streams); it may do so and still exit 0.

    `Warning: Activity not started, its current task has been brought to the front` is no error.
    """
    errors = re.findall(r"^(?:Error: |Error type |java\.lang\.|Exception ).*", output, re.MULTILINE)
    if errors:
        return " ".join(line.strip() for line in errors)
    return None if re.search(r"^(Starting|Warning): ", output, re.MULTILINE) else "no `Starting:`"


def launcher_activity(output: str) -> str | None:
    """`cmd package resolve-activity --brief ...`: the last line that names a component."""
    found = re.findall(r"^\s*([\w.]+/[\w.$]+)\s*$", output, re.MULTILINE)
    return found[-1] if found else None


def pids(pidof: str) -> tuple[int, ...]:
    """`pidof NAME`: blank-separated numbers, nothing (and exit 1) when it does not run."""
    return tuple(int(word) for word in pidof.split() if word.isdigit())


def processes_of(ps: str, package: str) -> tuple[tuple[int, str], ...]:
    """`ps -A -o USER,PID,NAME`: pid and name of every process of an app.

    They are those of its Linux user (`android:process` may give any name), as long as one of them
    has the package's name; without such a row, those named after it.
    """
    rows = [line.split(None, 2) for line in ps.splitlines()[1:]]
    known = [(row[0], int(row[1]), row[2].strip()) for row in rows
             if len(row) == 3 and row[1].isdigit()]  # fmt: skip
    named = [row for row in known if row[2] == package or row[2].startswith(package + ":")]
    users = {user for user, _, _ in named if re.fullmatch(r"u\d+_a\d+", user)}
    found = [row for row in known if row in named or row[0] in users]
    return tuple((pid, name) for _, pid, name in found)


def broadcast_result(output: str) -> tuple[int, str] | None:
    """`am broadcast`: result code and data of `Broadcast completed: result=-1, data="x"`."""
    match = re.search(r'Broadcast completed: result=(-?\d+)(?:, data="(.*?)")?', output, re.DOTALL)
    return (int(match.group(1)), match.group(2) or "") if match else None


def png(output: bytes) -> bytes | None:
    """`screencap -p`: the picture alone.

    Devices with several displays print a warning on the same stream before it.
    """
    start = output.find(PNG_START)
    end = output.rfind(_PNG_END)
    return output[start : end + len(_PNG_END)] if 0 <= start < end else None


def dump_failure(stdout: str, stderr: str) -> str | None:
    """Why `uiautomator dump` wrote nothing; it exits 0 all the same. None when it did write."""
    if "dumped to:" in stdout and "ERROR" not in stdout:
        return None
    said = " ".join(f"{stdout} {stderr}".split())
    if "already registered" in said:
        return "another UI automation holds the device (uiautomator2, Maestro, Appium): stop it"
    return said[:300] or "no output"


def sha256(sha256sum: str) -> str:
    """`sha256sum FILE`: the digest, or an empty string."""
    match = re.match(r"\\?([0-9a-f]{64})\b", sha256sum.strip())
    return match.group(1) if match else ""
