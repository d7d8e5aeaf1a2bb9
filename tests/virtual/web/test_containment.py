"""Nothing of a page goes past the proxy, and nothing of a browser outlives its device."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket

import pytest

from harness.device.server import PrivateServer
from harness.errors import LabError
from harness.virtual.apk import build_app
from harness.virtual.daemon import start_device, stop_device
from harness.virtual.toolchain.chromium import ENVIRONMENT
from tests.virtual.conftest import Adb

from .conftest import APP, PACKAGE, WebDevice, eventually

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-web")]

OUTSIDE = "127.0.0.2"
"""A second loopback address, as a stand-in for the rest of the world."""


def test_a_page_that_tries_everything(web_device: WebDevice) -> None:
    with (
        socket.create_server((OUTSIDE, 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(tcp.getsockname())
        port = tcp.getsockname()[1]
        web_device.clear_logs()
        web_device.command("load", f"https://bad.example/escape?port={port}")
        web_device.wait_log("console LOG tried …")
        for listener in (tcp, udp):
            listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            tcp.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(16)
        told = [entry for entry in web_device.events("attempt") if entry["kind"] == "webrtc"]
        assert [entry["error"] for entry in told] == [
            f"{PACKAGE}: webrtc stun:{OUTSIDE}:{port} was refused"
        ], "on a phone the page would have reached somebody"


def test_without_a_browser_and_without_a_daemon(
    adb_server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, "/nonexistent/chromium")
    machine = start_device(apks=[build_app(APP, "plain")], owner_pid=os.getpid())
    try:
        adb = Adb(adb_server.port, machine.serial)
        adb("connect", machine.serial)
        adb("wait-for-device")
        device = WebDevice(machine, adb)
        device.command("load", "https://page.example/")
        eventually(lambda: "chromium-headless-shell" in adb.text("logcat", "-d"))
        assert device.png().startswith(b"\x89PNG")
        eventually(lambda: '"kind": "webview"' in machine.record.read_text().replace('":"', '": "'))
        assert device.browsers() == []
    finally:
        stop_device(machine.serial)


def test_a_daemon_that_is_killed_takes_its_browsers_along(adb_server: PrivateServer) -> None:
    machine = start_device(apks=[build_app(APP, "plain")], owner_pid=os.getpid())
    try:
        adb = Adb(adb_server.port, machine.serial)
        adb("connect", machine.serial)
        adb("wait-for-device")
        device = WebDevice(machine, adb)
        device.load("https://page.example/")
        assert device.browsers()
        os.kill(machine.pid, signal.SIGKILL)
        eventually(lambda: device.browsers() == [], 20)
    finally:
        with contextlib.suppress(LabError):  # it is gone, unless something failed before
            stop_device(machine.serial)
        shutil.rmtree(machine.work_dir, ignore_errors=True)
