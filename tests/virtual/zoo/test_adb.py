"""The two adb programs that the registries offer: Debian's and the one in adbutils."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from harness.virtual.daemon import VirtualDevice
from tests.virtual.zoo.conftest import ACTIVITY, PACKAGE, Program
from tests.virtual.zoo.rows import LIMITED, REFUSED, shows

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("zoo")]

ADB = "adb 29 (Debian) and adb 36 (adbutils)"


@shows(ADB, "`devices -l`, `get-state`, `features`, `wait-for-device`")
def test_it_is_listed(adb_client: Program, zoo_device: VirtualDevice) -> None:
    listing = adb_client("devices", "-l").stdout
    assert f"{zoo_device.serial} " in listing
    assert "model:Virtual_Android" in listing
    assert adb_client("get-state").stdout == "device\n"
    assert "shell_v2" in adb_client("features").stdout


@shows(ADB, "`shell`: output, error output, exit code, standard input, a script")
def test_shell(adb_client: Program) -> None:
    done = adb_client("shell", "echo out; echo err >&2; exit 3")
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 3)
    assert adb_client("shell", "cat", data="through\n").stdout == "through\n"
    assert adb_client("shell", data="cd /sdcard\npwd\nexit 4\n").returncode == 4


@shows(ADB, "`push`, `pull`, `sync` services, folders, 20 MB")
def test_files(adb_client: Program, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "big").write_bytes(os.urandom(20_000_000))
    (folder / "inner" / "späte datei").write_text("x")
    assert adb_client("push", folder, "/sdcard/").returncode == 0
    assert "inner" in adb_client("ls", "/sdcard/folder").stdout
    assert adb_client("pull", "/sdcard/folder", tmp_path / "back").returncode == 0
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / "back" / path.relative_to(folder)).read_bytes() == path.read_bytes()
    adb_client("shell", "rm -r /sdcard/folder")


@shows(
    ADB,
    "`push` and `pull` where nothing may be written or read",
    REFUSED,
    "FAIL with the system's reason, for example `Read-only file system`",
)
def test_files_that_are_refused(adb_client: Program, tmp_path: Path) -> None:
    source = tmp_path / "f"
    source.write_bytes(bytes(1_000_000))
    done = adb_client("push", source, "/system/f")
    assert done.returncode == 1
    assert "Read-only file system" in done.stdout + done.stderr
    done = adb_client("pull", "/data/data/org.example.clinic/files/none", tmp_path / "x")
    assert done.returncode == 1
    assert "failed to stat remote object" in done.stdout + done.stderr


@shows(ADB, "`install`, `install -r -t -g`, `--no-streaming`, `install-multiple` with one APK")
def test_installing(adb_client: Program, clinic_apk: Path) -> None:
    for words in (
        ["install"],
        ["install", "-r", "-t", "-g"],
        ["install", "--no-streaming", "-r"],
        ["install-multiple", "-r"],
    ):
        done = adb_client(*words, clinic_apk)
        assert (done.returncode, "Success" in done.stdout) == (0, True), done
    assert adb_client("shell", "pm list packages").stdout == f"package:{PACKAGE}\n"


@shows(ADB, "`uninstall` of what is not there", REFUSED, "`Failure [DELETE_FAILED_INTERNAL_ERROR]`")
def test_uninstalling_nothing(adb_client: Program) -> None:
    done = adb_client("uninstall", "org.example.none")
    assert "Failure [DELETE_FAILED_INTERNAL_ERROR]" in done.stdout


@shows(ADB, "`shell am start -W`, `pidof`, `input`, `uiautomator dump`, `exec-out screencap -p`")
def test_driving_an_app(adb_client: Program, tmp_path: Path) -> None:
    assert "Status: ok" in adb_client("shell", f"am start -W -n {ACTIVITY}").stdout
    assert adb_client("shell", f"pidof {PACKAGE}").stdout.strip().isdigit()
    dumped = adb_client("shell", "uiautomator dump /sdcard/u.xml && cat /sdcard/u.xml").stdout
    assert f'package="{PACKAGE}"' in dumped
    picture = subprocess.run(
        [*adb_client.argv, "exec-out", "screencap", "-p"],
        capture_output=True,
        env={**os.environ, **adb_client.environment},
        check=True,
    ).stdout
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture.endswith(b"IEND\xaeB`\x82")
    assert adb_client("shell", "input keyevent KEYCODE_HOME").returncode == 0


@shows(ADB, "`logcat -d` and `logcat` that follows")
def test_logcat(adb_client: Program) -> None:
    adb_client("shell", "log -t zoo first")
    assert "zoo" in adb_client("logcat", "-d").stdout
    follower = adb_client.start("logcat", "-v", "raw", "-s", "zoo")
    assert follower.stdout is not None
    adb_client("shell", "log -t zoo second")
    while "second" not in (line := follower.stdout.readline()):
        assert line
    follower.terminate()
    follower.communicate(timeout=10)


@shows(ADB, "`forward` and `reverse` set up, listed, removed; `jdwp`")
def test_ports(adb_client: Program, clinic_pid: int) -> None:
    port = adb_client("forward", "tcp:0", "tcp:27042").stdout.strip()
    assert f"tcp:{port} tcp:27042" in adb_client("forward", "--list").stdout
    adb_client("forward", "--remove", f"tcp:{port}")
    device_port = adb_client("reverse", "tcp:0", f"tcp:{port}").stdout.strip()
    assert f"tcp:{device_port}" in adb_client("reverse", "--list").stdout
    assert adb_client("reverse", "--remove-all").returncode == 0
    assert str(clinic_pid) in adb_client("jdwp").stdout.split()


@shows(ADB, "`track-jdwp`: told of an app's start and of its end")
def test_tracking_debuggees(adb_client: Program) -> None:
    adb_client("shell", f"am force-stop {PACKAGE}")
    tracker = adb_client.start("track-jdwp")
    said = tracker.stdout
    assert said is not None

    def heard(wanted: str) -> bool:
        text = ""
        while not text.endswith(wanted) and (char := said.read(1)):
            text += char
        return text.endswith(wanted)

    started = adb_client("shell", f"am start -W -n {ACTIVITY} >/dev/null; pidof {PACKAGE}").stdout
    pid = started.strip()
    assert pid.isdigit()
    assert heard(f"{pid}\n")
    adb_client("shell", f"am force-stop {PACKAGE}")
    assert heard("0000")
    tracker.terminate()
    tracker.communicate(timeout=10)


@shows(
    ADB,
    "`remount`",
    REFUSED,
    '`Not running as root. Try "adb root" first.`',
)
def test_remount(adb_client: Program) -> None:
    done = adb_client("remount")
    assert "Not running as root" in done.stdout + done.stderr


@shows(
    ADB,
    "`forward` to `localabstract:`, `localfilesystem:`, other ports",
    REFUSED,
    "the connection is closed at once, as on a phone where nobody listens",
)
def test_sockets_without_a_listener(adb_client: Program) -> None:
    for remote in ("localabstract:scrcpy", "localfilesystem:/dev/socket/x", "tcp:22"):
        port = int(adb_client("forward", "tcp:0", remote).stdout)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            assert connection.recv(1) == b""
        adb_client("forward", "--remove", f"tcp:{port}")


@shows(ADB, "`root`, `unroot`, `reboot`", LIMITED, "`reboot` ends the apps and drops connections")
def test_root_and_reboot(adb_client: Program) -> None:
    assert adb_client("root").stdout == "restarting adbd as root\n"
    assert adb_client("wait-for-device").returncode == 0
    assert adb_client("shell", "id -u").stdout == "0\n"
    assert adb_client("reboot").returncode == 0
    assert adb_client("wait-for-device").returncode == 0
    done = adb_client("shell", f"id -u; getprop sys.boot_completed; pidof {PACKAGE}")
    assert (done.stdout, done.returncode) == ("2000\n1\n", 1)


@shows(ADB, "`bugreport`", REFUSED, "not available on this virtual device; read logcat and dumpsys")
def test_bugreport(adb_client: Program, tmp_path: Path) -> None:
    done = adb_client("bugreport", tmp_path / "report.zip")
    assert done.returncode != 0
    assert "not available on this virtual device" in done.stderr


@shows(
    ADB,
    "`shell screenrecord`",
    REFUSED,
    "ERROR: unable to create video/avc codec instance: no encoder here",
)
def test_screenrecord(adb_client: Program) -> None:
    done = adb_client("shell", "screenrecord /sdcard/x.mp4")
    assert done.returncode == 1
    assert "unable to create video/avc codec instance: no encoder here" in done.stderr
