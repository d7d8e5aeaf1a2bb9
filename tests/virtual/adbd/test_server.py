"""adbd on the wire: broken hosts are shown the door, and nobody else notices."""

from __future__ import annotations

import subprocess

import pytest

from tests.virtual.adbd.wire import CONNECT, RawHost, packed
from tests.virtual.conftest import Adb, DeviceThread


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        packed(b"WRTE", 1, 1, b"", magic=5),
        packed(b"WRTE", 1, 1, b"", size=(1 << 20) + 1),
        packed(b"WRTE", 1, 1, b"", size=0xFFFFFFFF),
    ],
)
def test_garbage_ends_its_own_connection_only(fake_device: DeviceThread, data: bytes) -> None:
    good, bad = RawHost(fake_device.port), RawHost(fake_device.port)
    bad.send(data)
    assert bad.closed()
    assert good.run("shell:echo still here") == b"still here\n"
    good.close()
    bad.close()


def test_an_old_host_must_have_its_checksums_right(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port, connect=False)
    host.send(packed(b"CNXN", 0x01000000, 4096, CONNECT))
    assert host.receive().command == b"CNXN"
    assert host.run("shell:echo a") == b"a\n"
    host.send(packed(b"OPEN", 9, 0, b"shell:echo b\0", checksum=1))
    assert host.closed()
    host.close()


def test_nothing_is_served_before_the_connect(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port, connect=False)
    host.send(packed(b"OPEN", 7, 0, b"shell:echo a\0"))
    host.send(packed(b"CNXN", 0x01000001, 1 << 20, CONNECT))
    assert host.receive().command == b"CNXN"
    host.close()


def test_services_that_do_not_exist_are_refused(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port)
    for service in ("nosuch:", "localabstract:x", "tcp:22", "tcp:x", "jdwp:1", ""):
        assert host.run(service) == b""
    host.close()


def test_a_host_that_never_reads_holds_up_nobody(fake_device: DeviceThread) -> None:
    lazy, good = RawHost(fake_device.port), RawHost(fake_device.port)
    lazy.send(packed(b"OPEN", 7, 0, b"shell:while true; do echo yyyyyyyyyyyyyyyy; done\0"))
    assert good.run("shell:echo fine") == b"fine\n"
    lazy.close()
    good.close()


def test_ten_thousand_streams(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port)
    count = 10_000
    opens = b"".join(packed(b"OPEN", n, 0, b"nosuch:\0") for n in range(1, count + 1))
    host.send(opens)
    closed = {host.receive().arg1 for _ in range(count)}
    assert len(closed) == count
    assert host.run("shell:echo after", count + 1) == b"after\n"
    host.close()


def test_a_host_that_vanishes_in_the_middle(fake_device: DeviceThread) -> None:
    host = RawHost(fake_device.port)
    host.send(packed(b"OPEN", 7, 0, b"shell:sleep 60\0"))
    assert host.receive().command == b"OKAY"
    host.send(packed(b"WRTE", 7, 1, b"")[:10])
    host.close()
    other = RawHost(fake_device.port)
    assert other.run("shell:echo on") == b"on\n"
    other.close()


def test_many_streams_of_one_host_at_once(adb: Adb) -> None:
    running = [
        subprocess.Popen([*adb.argv, "shell", f"sleep 0.3; echo {n}"], stdout=subprocess.PIPE)
        for n in range(8)
    ]
    answers = [process.communicate(timeout=30)[0] for process in running]
    assert answers == [f"{n}\n".encode() for n in range(8)]
