"""A disk without room: the failure that clients expect, nothing half-written, life goes on.

`RLIMIT_FSIZE` stands in for the disk: past it a write fails as on a full one (setrlimit(2)), only
with another error number, `File too large`.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.virtual.conftest import Adb, DeviceThread
from tests.virtual.fakes.apks import fake_apk
from tests.virtual.fakes.shell import PACKAGE, ShellRig

LIMIT_BYTES = 100_000
TOO_LARGE = os.strerror(27)  # EFBIG


@contextmanager
def full_disk(limit_bytes: int = LIMIT_BYTES) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_pushing(adb: Adb, fake_device: DeviceThread, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(4_000_000))
    before = files_below(fake_device.folder)
    with full_disk():
        done = adb("push", source, "/sdcard/f")
        assert done.returncode == 1
        assert f"write failed: {TOO_LARGE}".encode() in done.stderr
        assert adb.text("shell", "echo small >/sdcard/g; cat /sdcard/g") == "small\n"
    assert files_below(fake_device.folder) - before == {"root/storage/emulated/0/g"}
    assert adb("push", source, "/sdcard/f").returncode == 0


def test_installing(adb: Adb, fake_device: DeviceThread, tmp_path: Path) -> None:
    small = fake_apk(tmp_path / "small.apk")
    big = fake_apk(tmp_path / "big.apk", code=2, padding_bytes=3_000_000)
    before = files_below(fake_device.folder)
    for words in (["install"], ["install", "--no-streaming"], ["install-multiple"]):
        with full_disk():
            done = adb(*words, big)
        said = done.stdout + done.stderr
        assert TOO_LARGE.encode() in said, (words, said)
        assert done.returncode != 0
        assert files_below(fake_device.folder) == before, words
        assert adb.text("shell", "pm list packages") == ""
    adb.text("install", small)
    with full_disk():
        assert adb("install", big).returncode == 1
    assert (
        adb.text("shell", f"pm dump {PACKAGE} | grep versionCode")
        .strip()
        .startswith("versionCode=1 ")
    )
    adb.text("install", big)


def test_when_the_copy_of_an_update_has_no_room(rig: ShellRig) -> None:
    """The APK lies on the device already; it is its second copy that does not fit."""
    rig.install()
    rig(f"echo mine >/sdcard/x; run-as {PACKAGE} sh -c 'echo kept >files/f'")
    fake_apk(rig.device.files.root / "data/local/tmp/y.apk", code=2, padding_bytes=3 * LIMIT_BYTES)
    before = files_below(rig.folder)
    with full_disk():
        done = rig("pm install /data/local/tmp/y.apk")
    assert done.out == (
        f"Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE: Failed to copy package: {TOO_LARGE}]\n"
    )
    assert done.code == 1
    assert files_below(rig.folder) == before
    assert rig(f"run-as {PACKAGE} cat files/f").out == "kept\n"
    assert "base.apk" in rig(f"pm path {PACKAGE}").out
    rig.start()
    assert rig("pm install /data/local/tmp/y.apk").out == "Success\n"


def test_tables_are_never_half_written(rig: ShellRig) -> None:
    rig.install()
    rig("settings put global kept yes")
    with full_disk(0):
        done = rig("settings put global lost no")
        assert (done.code, done.err) == (1, f"settings: {TOO_LARGE}\n")
        assert rig("pm install -r /data/local/tmp/x.apk").code == 1
        assert rig(f"pm uninstall {PACKAGE}").code == 1
    again = ShellRig(rig.folder)
    assert again("settings get global kept").out == "yes\n"
    assert again("pm list packages").out == f"package:{PACKAGE}\n"
    again.close()


def test_redirections_and_copies(rig: ShellRig) -> None:
    rig.device.files.place("/data/local/tmp/source", bytes(3 * LIMIT_BYTES))
    with full_disk():
        for line in ("cat source >a", "cp source b"):
            done = rig("cd /data/local/tmp; " + line)
            assert done.code == 1, line
            assert TOO_LARGE in done.err, line
        assert rig("echo on").out == "on\n"
