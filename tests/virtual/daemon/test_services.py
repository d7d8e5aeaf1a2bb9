"""The services of a whole device, with adb's own client: installing in all its forms, root, abb."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import adbutils
import pytest

from harness.virtual.adbd.link import FEATURES
from tests.virtual.adbd.wire import RawHost
from tests.virtual.conftest import Adb, DeviceThread
from tests.virtual.fakes.apks import fake_apk
from tests.virtual.fakes.shell import PACKAGE


def test_adb_sees_the_device(adb: Adb) -> None:
    listing = adb.text("devices", "-l")
    assert f"{adb.serial} " in listing
    assert "product:virtual model:Virtual_Android device:virtual" in listing
    assert adb.text("get-state") == "device\n"
    assert set(adb.text("features").split()) == set(FEATURES)


@pytest.mark.parametrize(
    "words",
    [
        ["install"],
        ["install", "-r", "-t", "-g"],
        ["install", "--no-streaming"],
        ["install-multiple"],
        ["install", "--no-incremental"],
    ],
)
def test_every_form_of_installing(adb: Adb, tmp_path: Path, words: list[str]) -> None:
    apk = fake_apk(tmp_path / "a.apk", padding_bytes=3_000_000)
    done = adb(*words, apk)
    assert (done.returncode, b"Success" in done.stdout) == (0, True), done
    assert adb.text("shell", "pm list packages") == f"package:{PACKAGE}\n"
    assert adb.text("uninstall", PACKAGE) == "Success\n"
    assert adb.text("shell", "pm list packages; ls /data/local/tmp") == ""


def test_installing_by_adbutils(adb: Adb, tmp_path: Path) -> None:
    device = adbutils.AdbClient("127.0.0.1", adb.server_port).device(adb.serial)
    device.install(str(fake_apk(tmp_path / "a.apk")), nolaunch=True, silent=True)
    assert device.list_packages() == [PACKAGE]
    info = device.app_info(PACKAGE)
    assert info is not None
    assert (info.version_name, info.version_code) == ("1.1", 1)
    device.app_start(PACKAGE)
    assert device.app_current().package == PACKAGE
    device.app_stop(PACKAGE)
    device.uninstall(PACKAGE)
    assert device.list_packages() == []


def test_failures_reach_the_client(adb: Adb, tmp_path: Path) -> None:
    apk = tmp_path / "broken.apk"
    apk.write_bytes(b"no json, no apk" * 100)
    done = adb("install", apk)
    assert done.returncode == 1
    assert b"INSTALL_PARSE_FAILED_NOT_APK" in done.stderr
    assert adb("uninstall", "org.none").returncode == 1


def test_splits(adb: Adb, tmp_path: Path) -> None:
    apks = [fake_apk(tmp_path / f"x{split}.apk", split=split) for split in ("", "de")]
    assert "Success" in adb.text("install-multiple", *apks)
    listed = adb.text("shell", f"pm path {PACKAGE}").splitlines()
    assert [line.rpartition("/")[2] for line in listed] == ["base.apk", "split_de.apk"]
    assert b"Full install must include" in adb("install", apks[1]).stderr


def test_words_of_abb_are_kept_apart(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port)
    assert host.run("abb_exec:settings\0get\0global\0nosuch\0") == b"null\n"
    assert host.run("abb_exec:settings\0put\0global\0a\0b; echo 'c'\0", 8) == b""
    assert host.run("abb_exec:settings\0get\0global\0a\0", 9) == b"b; echo 'c'\n"
    host.close()


def test_root_and_back(adb: Adb) -> None:
    assert adb.text("shell", "id -u") == "2000\n"
    assert adb.text("root") == "restarting adbd as root\n"
    adb.text("wait-for-device")
    assert adb.text("shell", "id -u; ls /data/data") == "0\n"
    assert adb.text("root") == "adbd is already running as root\n"
    assert adb.text("unroot") == "restarting adbd as non root\n"
    adb.text("wait-for-device")
    assert adb.text("shell", "id -u") == "2000\n"
    assert adb.text("unroot") == "adbd not running as root\n"
    assert b'Try "adb root" first' in adb("remount").stderr + adb("remount").stdout


def test_a_reboot(adb: Adb, tmp_path: Path) -> None:
    adb.text("install", fake_apk(tmp_path / "a.apk"))
    adb.text("root")
    adb.text("wait-for-device")
    adb.text(
        "shell", f"am start -W -n {PACKAGE}/.MainActivity; setprop debug.x 1; echo f >/sdcard/f"
    )
    assert adb.text("reboot") == ""
    adb.text("wait-for-device")
    assert adb.text(
        "shell", "getprop sys.boot_completed; getprop debug.x; id -u; cat /sdcard/f"
    ) == ("1\n\n2000\nf\n")
    assert adb("shell", f"pidof {PACKAGE}").returncode == 1
    assert adb.text("shell", "pm list packages") == f"package:{PACKAGE}\n"
    refused = adb("reboot", "bootloader")
    assert (refused.returncode, refused.stderr) == (1, b"error: closed\n")


def test_what_there_is_not_says_so(adb: Adb, tmp_path: Path) -> None:
    report = adb("bugreport", tmp_path / "report.zip")
    assert b"not available on this virtual device" in report.stderr
    assert report.returncode != 0
    assert adb("remount").returncode != 0 or b"adb root" in adb("remount").stdout


def test_a_large_push_and_pull_are_quick(adb: Adb, tmp_path: Path) -> None:
    """The figure is a tenth of what a quiet machine does, so that a busy one passes too."""
    source, back = tmp_path / "source", tmp_path / "back"
    source.write_bytes(os.urandom(1 << 20) * 150)
    for words in (["push", source, "/data/local/tmp/f"], ["pull", "/data/local/tmp/f", back]):
        started = time.monotonic()
        assert adb(*words).returncode == 0
        assert 150 / (time.monotonic() - started) > 50, words
    assert back.read_bytes() == source.read_bytes()


def test_two_devices_behind_one_server(adb: Adb, tmp_path: Path, adb_server: object) -> None:
    other = DeviceThread(tmp_path / "other")
    try:
        serial = f"127.0.0.1:{other.port}"
        second = Adb(adb.server_port, serial)
        second("connect", serial)
        second("wait-for-device")
        adb.text("shell", "echo first >/sdcard/f")
        second.text("shell", "echo second >/sdcard/f")
        assert adb.text("shell", "cat /sdcard/f") == "first\n"
        assert second.text("shell", "cat /sdcard/f") == "second\n"
        second("disconnect", serial)
    finally:
        other.close()


def test_a_log_that_is_followed(adb: Adb, fake_device: DeviceThread) -> None:
    follower = subprocess.Popen([*adb.argv, "logcat", "-v", "raw"], stdout=subprocess.PIPE)
    assert follower.stdout is not None
    fake_device.call(lambda: fake_device.device.log.system(4, "T", "before or after"))
    assert follower.stdout.readline() in (b"before or after\n", b"--------- beginning of main\n")
    fake_device.call(lambda: fake_device.device.log.system(4, "T", "later"))
    while follower.stdout.readline() != b"later\n":
        pass
    follower.terminate()
    follower.communicate(timeout=10)
