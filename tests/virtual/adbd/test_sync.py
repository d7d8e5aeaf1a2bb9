"""push, pull, ls, stat: adb's own client (v2) and adbutils (v1) on one side, broken hosts too."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import adbutils
import pytest

from tests.virtual.adbd.wire import RawHost, packed
from tests.virtual.conftest import Adb, DeviceThread


def device_of(adb: Adb) -> adbutils.AdbDevice:
    return adbutils.AdbClient("127.0.0.1", adb.server_port).device(adb.serial)


@pytest.mark.parametrize("size", [0, 1, 65536, 3_000_001])
def test_files_come_back_as_they_went(adb: Adb, tmp_path: Path, size: int) -> None:
    source, back = tmp_path / "source é", tmp_path / "back"
    source.write_bytes(os.urandom(size))
    assert adb("push", source, "/data/local/tmp/").returncode == 0
    assert adb("pull", "/data/local/tmp/source é", back).returncode == 0
    assert back.read_bytes() == source.read_bytes()
    assert adb.text("shell", "stat -c '%s %U' '/data/local/tmp/source é'") == f"{size} shell\n"


def test_folders_and_times(adb: Adb, tmp_path: Path) -> None:
    folder = tmp_path / "folder/inner"
    folder.mkdir(parents=True)
    (folder / "f").write_text("x")
    os.utime(folder / "f", (1_600_000_000, 1_600_000_000))
    (folder / "link").symlink_to("f")
    assert adb("push", tmp_path / "folder", "/sdcard/").returncode == 0
    assert adb.text("shell", "ls /sdcard/folder/inner") == "f\nlink\n"
    assert adb.text("shell", "stat -c %Y /sdcard/folder/inner/f") == "1600000000\n"
    assert adb("pull", "/sdcard/folder", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/inner/f").read_text() == "x"


def test_version_1_through_adbutils(adb: Adb, tmp_path: Path) -> None:
    device = device_of(adb)
    data = os.urandom(200_000)
    device.sync.push(data, "/data/local/tmp/deep/er/x")
    assert device.sync.read_bytes("/data/local/tmp/deep/er/x") == data
    assert device.sync.stat("/data/local/tmp/deep/er/x").size == len(data)
    assert device.sync.exists("/sdcard")
    assert not device.sync.exists("/nope")
    assert {entry.path for entry in device.sync.list("/sdcard")} >= {"Download", "DCIM"}
    with pytest.raises(adbutils.AdbError, match="No such file"):
        device.sync.read_bytes("/nope")


def test_errors_reach_the_client(adb: Adb, tmp_path: Path) -> None:
    source = tmp_path / "big"
    source.write_bytes(bytes(2_000_000))
    done = adb("push", source, "/system/x")
    assert done.returncode == 1
    assert b"remote couldn't create file: Read-only file system" in done.stderr
    missing = adb("pull", "/nope", tmp_path / "x")
    assert b"No such file or directory" in missing.stderr
    denied = adb("pull", "/data/data/org.x/y", tmp_path / "x")
    assert denied.returncode == 1


@pytest.mark.parametrize(
    "path", ["/../../../../tmp/{name}", "/sdcard/../../../../../tmp/{name}", "/sdcard/out/{name}"]
)
def test_no_push_leaves_the_device(
    adb: Adb, fake_device: DeviceThread, tmp_path: Path, path: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (fake_device.folder / "root/storage/emulated/0/out").symlink_to(outside)
    source = tmp_path / "source"
    source.write_text("x")
    adb("push", source, path.format(name="escaped"))
    assert list(outside.iterdir()) == []
    assert not Path("/tmp/escaped").exists()


def sync_stream(host: RawHost) -> int:
    host.send(packed(b"OPEN", 7, 0, b"sync:\0"))
    answer = host.receive()
    assert answer.command == b"OKAY"
    return answer.arg0


def say(host: RawHost, remote: int, data: bytes) -> None:
    host.send(packed(b"WRTE", 7, remote, data))
    assert host.receive().command == b"OKAY"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"XXXX" + struct.pack("<I", 0), b"unknown command"),
        (b"STAT" + struct.pack("<I", 5000), b"path too long"),
        (b"SEND" + struct.pack("<I", 2) + b"/x", b"missing , in ID_SEND_V1"),
        (
            b"SEND" + struct.pack("<I", 18) + b"/sdcard/f,33188000"
            b"DATA" + struct.pack("<I", 1 << 20),
            b"oversize data message",
        ),
        (
            b"RCV2" + struct.pack("<I", 7) + b"/sdcard" + b"RCV2" + struct.pack("<I", 4),
            b"compression is not supported",
        ),
    ],
)
def test_broken_requests_get_fail(fake_device: DeviceThread, data: bytes, text: bytes) -> None:
    host = RawHost(fake_device.port)
    remote = sync_stream(host)
    say(host, remote, data)
    answer = host.receive()
    assert answer.command == b"WRTE"
    assert answer.payload[:4] == b"FAIL"
    assert text in answer.payload
    host.close()


def test_a_truncated_push_leaves_nothing(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port)
    remote = sync_stream(host)
    name = b"/sdcard/partial,33188"
    say(host, remote, b"SEND" + struct.pack("<I", len(name)) + name)
    say(host, remote, b"DATA" + struct.pack("<I", 1000) + b"only this")
    host.close()
    other = RawHost(fake_device.port)
    assert other.run("shell:ls /sdcard/partial 2>&1").endswith(b"No such file or directory\n")
    other.close()
