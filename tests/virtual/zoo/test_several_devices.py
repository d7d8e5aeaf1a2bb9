"""Several booted devices behind one adb server, used at the same time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.device.server import PrivateServer
from harness.virtual.daemon import VirtualDevice, list_devices, start_device, stop_device
from tests.virtual.conftest import Adb
from tests.virtual.zoo.conftest import ACTIVITY, PACKAGE
from tests.virtual.zoo.rows import shows

pytestmark = [pytest.mark.device, pytest.mark.slow, pytest.mark.xdist_group("zoo")]

COUNT = 3


@pytest.fixture
def devices(clinic_apk: Path) -> Iterator[list[VirtualDevice]]:
    with ThreadPoolExecutor(COUNT) as threads:
        started = [
            threads.submit(start_device, apks=[clinic_apk], owner_pid=os.getpid())
            for _ in range(COUNT)
        ]
    running = [device.result() for device in started]
    yield running
    for device in running:
        stop_device(device.serial)


def drive(adb: Adb, mark: str) -> str:
    """Install, start, look, write: one device's own work; what it says in the end."""
    assert "Status: ok" in adb.text("shell", f"am start -S -W -n {ACTIVITY}")
    for n in range(5):
        adb.text("shell", f"echo {mark} {n} >>/sdcard/own")
        assert PACKAGE in adb.text("shell", "uiautomator dump /sdcard/u.xml; cat /sdcard/u.xml")
        assert adb("exec-out", "screencap", "-p").stdout.startswith(b"\x89PNG")
    return adb.text("shell", "cat /sdcard/own; getprop sys.boot_completed")


@shows(
    "several devices behind one adb server",
    "three at once: start, apps, screenshots, files, each its own",
)
def test_side_by_side(devices: list[VirtualDevice], adb_server: PrivateServer) -> None:
    clients = [Adb(adb_server.port, device.serial) for device in devices]
    for client in clients:
        client("connect", client.serial)
        client.text("wait-for-device")
    assert {device.serial for device in devices} <= {device.serial for device in list_devices()}
    began = time.monotonic()
    with ThreadPoolExecutor(COUNT) as threads:
        said = list(threads.map(drive, clients, [client.serial for client in clients]))
    for client, text in zip(clients, said, strict=True):
        lines = [f"{client.serial} {n}" for n in range(5)]
        assert text.splitlines() == [*lines, "1"]
        client("disconnect", client.serial)
    assert time.monotonic() - began < 120
