"""One Android device, as the steps use it: apps, input, screen, log.

Input: an `Adb` handle. Output: values of `facts` and `hierarchy`. Each command is checked,
since Android's tools often fail with exit code 0. What a command says is read by `readouts`.
Nothing here waits for a condition (that is `screen`) or knows where the device comes from.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from harness.device import apk as apk_file
from harness.device import logcat, readouts
from harness.device.adb import SHELL_TIMEOUT_S, Adb, Command
from harness.device.app_files import read_app_files
from harness.device.facts import AppFiles, AppInfo, DeviceInfo, Foreground, ShellResult
from harness.device.hierarchy import Hierarchy, parse
from harness.errors import LabError

INSTALL_TIMEOUT_S = 180.0
DUMP_TIMEOUT_S = 30.0
KEY_HOME, KEY_BACK, KEY_ENTER, KEY_DELETE, KEY_MOVE_END, KEY_WAKEUP = 3, 4, 66, 67, 123, 224

_DUMP = "/data/local/tmp/leak-window.xml"
_STAGED = "/data/local/tmp/leak-app.apk"

_INSTALL_ADVICE = {
    "INSTALL_FAILED_UPDATE_INCOMPATIBLE": "uninstall the app of another signer: adb uninstall",
    "INSTALL_FAILED_VERSION_DOWNGRADE": "uninstall the newer version first: adb uninstall",
    "INSTALL_FAILED_NO_MATCHING_ABIS": "use an APK with native code for the device's ABI",
    "INSTALL_FAILED_OLDER_SDK": "use a device with a newer Android",
    "INSTALL_FAILED_INSUFFICIENT_STORAGE": "free storage on the device",
    "INSTALL_FAILED_USER_RESTRICTED": "allow installs over USB in the developer options",
    "INSTALL_FAILED_MISSING_SPLIT": "use a universal APK, this one is a split of a bundle",
    "INSTALL_PARSE_FAILED": "the file is broken or unsigned: build and sign it again",
}
"""Start of the failure's code -> what to do."""


class HierarchyUnavailable(LabError):
    """The screen could not be dumped just now; a later try may work."""


class Device:
    """One device; every method raises `LabError` when the device does not do as told."""

    def __init__(self, adb: Adb, provider: str) -> None:
        self.adb = adb
        self.serial = adb.serial
        self._provider = provider

    @cached_property
    def info(self) -> DeviceInfo:
        found = readouts.properties(self._must("getprop").stdout)
        level = found.get("ro.build.version.sdk", "")
        return DeviceInfo(
            serial=self.serial,
            provider=self._provider,
            model=found.get("ro.product.model", ""),
            android_version=found.get("ro.build.version.release", ""),
            api_level=int(level) if level.isdigit() else 0,
            abi=found.get("ro.product.cpu.abi", ""),
            build_type=found.get("ro.build.type", ""),
            build_fingerprint=found.get("ro.build.fingerprint", ""),
        )

    def shell(self, command: Command, timeout_s: float = SHELL_TIMEOUT_S) -> ShellResult:
        """Run a command; its failure is a result. Streams and exit code stay apart."""
        return self.adb.shell(command, timeout_s)

    def _must(self, command: Command, timeout_s: float = SHELL_TIMEOUT_S) -> ShellResult:
        done = self.shell(command, timeout_s)
        if not done.ok:
            raise self._refused("the device refused a command", command, done.seen)
        return done

    def _refused(self, what: str, command: Command, seen: str, action: str = "") -> LabError:
        line = command if isinstance(command, str) else " ".join(command)
        return LabError(what, where=f"{self.serial}: {line}", seen=seen, action=action)

    # apps

    def install(self, apk: Path) -> AppInfo:
        """Install or update; never uninstalls, never starts the app.

        Raises:
            ScenarioError: the file is no APK.
            LabError: the device refused it (`INSTALL_FAILED_...`, with advice).
        """
        package = apk_file.package_of(apk)
        self.adb.push(apk, _STAGED)
        command = ["pm", "install", "-r", "-t", _STAGED]
        try:
            done = self.shell(command, INSTALL_TIMEOUT_S)
        finally:
            self.shell(["rm", "-f", _STAGED])
        failure = readouts.install_failure(f"{done.stdout}\n{done.stderr}")
        if failure is not None:
            advice = (text for code, text in _INSTALL_ADVICE.items() if failure.startswith(code))
            raise self._refused(f"cannot install {apk.name}", command, failure, next(advice, ""))
        return self.app_info(package)

    def app_info(self, package: str) -> AppInfo:
        """Raises LabError when it is not installed."""
        command = ["pm", "path", package]
        paths = readouts.package_paths(self.shell(command).stdout)
        if not paths:
            raise self._refused(
                f"{package} is not installed",
                command,
                "no path",
                "install it: --leak-app APK (the sample app: leak-harness sample)",
            )
        command = ["dumpsys", "package", package]
        dump = readouts.package_dump(self._must(command).stdout, package)
        if dump is None:
            raise self._refused(f"nothing known of {package}", command, "no block of that package")
        return AppInfo(
            package=package,
            version_name=dump.version_name,
            version_code=dump.version_code,
            sha256=self._digest(paths[0]),
            debuggable=dump.debuggable,
            apk=paths[0],
            requested=dump.requested,
            granted=dump.granted,
            signer=dump.signer,
        )

    def _digest(self, path: str) -> str:
        said = readouts.sha256(self.shell(["sha256sum", path]).stdout)
        return said or hashlib.sha256(self.adb.pull(path)).hexdigest()

    def app_files(self, package: str, since_s: float) -> AppFiles:
        """The app's files written at or after `since_s` (`clock_s` time), as far as they may be
        read; see `harness.device.app_files`."""
        return read_app_files(self.adb, package, since_s)

    def clear(self, package: str) -> None:
        """Delete the app's data; this also takes back its permissions."""
        command = ["pm", "clear", package]
        done = self.shell(command)
        if "Success" not in done.stdout:
            raise self._refused(f"cannot clear the data of {package}", command, done.seen)

    def force_stop(self, package: str) -> None:
        self._must(["am", "force-stop", package])

    def grant(self, package: str, permission: str) -> str:
        """Grant a runtime permission; returns why Android would not, or an empty string."""
        done = self.shell(["pm", "grant", package, permission])
        return "" if done.ok and "Exception" not in done.stdout + done.stderr else done.seen

    def pid_of(self, package: str) -> int | None:
        """Process id of the app's main process, None when it does not run."""
        found = readouts.pids(self.shell(["pidof", package]).stdout)
        return found[0] if found else None

    def processes_of(self, package: str) -> tuple[tuple[int, str], ...]:
        """Pid and name of every process of the app that runs now. Raises LabError."""
        listed = self._must(["ps", "-A", "-o", "USER,PID,NAME"])
        return readouts.processes_of(listed.stdout, package)

    def foreground(self) -> Foreground:
        """Which window has focus; empty when none has, as between two activities."""
        part = "displays" if self.info.api_level >= 29 else "windows"
        found = readouts.foreground(self.shell(["dumpsys", "window", part]).stdout)
        if found is None:
            activities = self.shell(["dumpsys", "activity", "activities"]).stdout
            found = readouts.resumed_activity(activities)
        return found or Foreground("", "")

    # input

    def keyevent(self, code: int) -> None:
        self._must(["input", "keyevent", str(code)])

    def home(self) -> None:
        self.keyevent(KEY_HOME)

    def back(self) -> None:
        self.keyevent(KEY_BACK)

    def tap(self, x: int, y: int) -> None:
        self._must(["input", "tap", str(x), str(y)])

    def swipe(self, start: tuple[int, int], end: tuple[int, int], duration_ms: int = 400) -> None:
        """Drag from `start` to `end` (pixels); the same point twice is a long press."""
        numbers = (*start, *end, duration_ms)
        self._must(["input", "swipe", *(str(number) for number in numbers)])

    # screen

    @property
    def screen_size(self) -> tuple[int, int]:
        """Width and height in pixels as the device is held now."""
        command = ["wm", "size"]
        size = self._must(command).stdout
        found = readouts.screen_size(size, self.shell(["dumpsys", "display"]).stdout)
        if found is None:
            raise self._refused("the device does not tell its screen's size", command, size)
        return found

    def keyboard_shown(self) -> bool:
        return readouts.keyboard_shown(self.shell(["dumpsys", "input_method"]).stdout)

    def screenshot(self) -> bytes:
        """PNG of the default display."""
        command = ["screencap", "-p"]
        stdout, stderr, code = self.adb.shell_bytes(command)
        picture = readouts.png(stdout)
        if picture is None:
            seen = f"exit {code}, {len(stdout)} bytes without a PNG; {stderr.strip()[:200]}"
            raise self._refused("no screenshot", command, seen)
        return picture

    def hierarchy(self) -> Hierarchy:
        """Dump the active window.

        Raises:
            HierarchyUnavailable: the screen never fell idle, or another automation is at work.
        """
        self.shell(["rm", "-f", _DUMP])  # a failed dump leaves the old file, which would be read
        done = self.shell(["uiautomator", "dump", _DUMP], DUMP_TIMEOUT_S)
        failure = readouts.dump_failure(done.stdout, done.stderr)
        if failure is not None:
            raise HierarchyUnavailable(
                "the screen could not be read",
                where=f"{self.serial}: uiautomator dump",
                seen=failure,
                action="look for an animation that never ends; switch animations off",
            )
        return parse(self.adb.pull(_DUMP).decode("utf-8", "replace"))

    # log

    def clock_s(self) -> float:
        """The device's Unix time in seconds."""
        said = self._must(["date", "+%s.%N"]).stdout.strip().replace("N", "0")
        return float(said)

    def logcat_tail(self, pid: int, lines: int) -> str:
        """The last lines that a process logged."""
        return self.shell(
            ["logcat", "-d", "-v", "threadtime", f"--pid={pid}", "-t", str(lines)]
        ).stdout

    def crash_of(self, package: str, since_s: float) -> str | None:
        """What the log tells of a crash of the app at or after `since_s` (`clock_s` time)."""
        return logcat.crash(logcat.parse(self._must(logcat.COMMAND).stdout), package, since_s)
