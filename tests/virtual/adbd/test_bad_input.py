"""Hosts that misbehave while others work: what they get, what the others notice, what is left."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.virtual.adbd.stream import OVERRUN_BYTES
from tests.virtual.adbd.wire import RawHost, packed
from tests.virtual.conftest import Adb, DeviceThread


def tasks(device: DeviceThread) -> int:
    return device.call(lambda: len(asyncio.all_tasks()))


def wait_for(condition: Callable[[], bool], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def opened(host: RawHost, stream_id: int, service: bytes) -> int:
    """The device's id of a new stream."""
    host.send(packed(b"OPEN", stream_id, 0, service + b"\0"))
    answer = host.receive()
    assert (answer.command, answer.arg1) == (b"OKAY", stream_id)
    return answer.arg0


@pytest.mark.parametrize("command", [b"OKAY", b"WRTE", b"CLSE", b"AUTH", b"STLS", b"SYNC", b"XXXX"])
def test_packets_for_streams_that_do_not_exist(fake_device: DeviceThread, command: bytes) -> None:
    host = RawHost(fake_device.port)
    remote = opened(host, 7, b"shell:cat")
    for ours, theirs in ((99, 98), (7, remote + 1), (8, remote), (0, 0), (0xFFFFFFFF, 0xFFFFFFFF)):
        host.send(packed(command, ours, theirs, b"stray" if command == b"WRTE" else b""))
    host.send(packed(b"WRTE", 7, remote, b"mine\n"))
    answers = [host.receive(), host.receive()]
    assert {answer.command for answer in answers} == {b"OKAY", b"WRTE"}
    assert {answer.payload for answer in answers} == {b"", b"mine\n"}
    host.close()


def test_ten_thousand_streams_at_once_leave_nothing(fake_device: DeviceThread) -> None:
    before = tasks(fake_device)
    files = len(os.listdir("/proc/self/fd"))
    host, other = RawHost(fake_device.port), RawHost(fake_device.port)
    count = 10_000
    host.send(b"".join(packed(b"OPEN", n, 0, b"shell:cat\0") for n in range(1, count + 1)))
    remote = {}
    while len(remote) < count:
        answer = host.receive()
        assert answer.command == b"OKAY"
        remote[answer.arg1] = answer.arg0
    assert other.run("shell:echo others work") == b"others work\n"
    host.send(packed(b"WRTE", count, remote[count], b"the last one, too\n"))
    assert {host.receive().payload for _ in range(2)} == {b"", b"the last one, too\n"}
    host.close()
    other.close()
    wait_for(lambda: tasks(fake_device) <= before + 2, 60)
    wait_for(lambda: len(os.listdir("/proc/self/fd")) <= files)


def test_a_host_that_sends_unasked_loses_its_stream_only(fake_device: DeviceThread) -> None:
    """Nothing reads the input of `sleep`, so it may not be sent more than is asked for."""
    host = RawHost(fake_device.port)
    greedy = opened(host, 7, b"shell:sleep 60")
    block = packed(b"WRTE", 7, greedy, bytes(1 << 20))
    for _ in range(OVERRUN_BYTES // (1 << 20) + 2):
        host.send(block)
    while (answer := host.receive()).command != b"CLSE":
        assert answer.command == b"OKAY"
    assert (answer.arg0, answer.arg1) == (greedy, 7)
    assert host.run("shell:echo same connection", 8) == b"same connection\n"
    host.close()


def test_hosts_that_never_read_and_one_that_does(
    adb: Adb, fake_device: DeviceThread, tmp_path: Path
) -> None:
    """Eight endless outputs that nobody takes, on one socket whose buffer is full, cost nothing."""
    before = tasks(fake_device)
    source, back = tmp_path / "source", tmp_path / "back"
    source.write_bytes(os.urandom(8_000_000))
    adb("push", source, "/sdcard/f")
    lazy = RawHost(fake_device.port)
    for n in range(1, 9):
        lazy.send(packed(b"OPEN", n, 0, b"shell:while true; do cat /sdcard/f; done\0"))
    assert adb("pull", "/sdcard/f", back).returncode == 0
    assert back.read_bytes() == source.read_bytes()
    lazy.close()
    wait_for(lambda: tasks(fake_device) <= before + 2)


def test_many_clients_push_at_once(adb: Adb, tmp_path: Path) -> None:
    sources = [tmp_path / f"source{n}" for n in range(4)]
    for source in sources:
        source.write_bytes(os.urandom(40_000_000))
    pushes = [
        subprocess.Popen(
            [*adb.argv, "push", source, f"/data/local/tmp/{source.name}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for source in sources
    ]
    assert adb.text("shell", "echo meanwhile") == "meanwhile\n"
    for push in pushes:
        said, _ = push.communicate(timeout=120)
        assert push.returncode == 0, said
    back = tmp_path / "back"
    for source in sources:
        assert adb("pull", f"/data/local/tmp/{source.name}", back).returncode == 0
        assert back.read_bytes() == source.read_bytes()


def test_a_push_that_is_cut_off_in_the_middle_of_a_client(
    adb: Adb, fake_device: DeviceThread, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    with source.open("wb") as file:
        file.truncate(2_000_000_000)
    push = subprocess.Popen([*adb.argv, "push", source, "/sdcard/big"], stdout=subprocess.DEVNULL)
    target = fake_device.folder / "root/storage/emulated/0/big"
    wait_for(lambda: target.exists() and target.stat().st_size > 0)
    push.kill()
    push.wait(10)
    wait_for(lambda: not target.exists())
    assert adb.text("shell", "ls /sdcard/big || echo gone").endswith("gone\n")
