"""`adb reverse` with adb's own client, which answers the streams that the device opens."""

from __future__ import annotations

import socket

import pytest

from tests.virtual.adbd.test_relay import echo_port, forwarded
from tests.virtual.conftest import Adb, DeviceThread

__all__ = ["echo_port"]


def test_a_device_port_leads_to_the_host(adb: Adb, echo_port: int) -> None:
    adb.text("reverse", "tcp:8000", f"tcp:{echo_port}")
    assert f"tcp:8000 tcp:{echo_port}" in adb.text("reverse", "--list")
    with forwarded(adb, "tcp:8000") as client:
        client.sendall(b"around")
        assert client.recv(6) == b"around"
    adb.text("reverse", "--remove", "tcp:8000")
    assert "tcp:8000" not in adb.text("reverse", "--list")


def test_a_chosen_port_is_told(adb: Adb) -> None:
    port = int(adb.text("reverse", "tcp:0", "tcp:9"))
    assert f"tcp:{port} tcp:9" in adb.text("reverse", "--list")
    adb.text("reverse", "--remove-all")
    assert adb.text("reverse", "--list").strip() == ""


def test_a_host_that_is_not_there(adb: Adb) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        unused = probe.getsockname()[1]
    adb.text("reverse", "tcp:8001", f"tcp:{unused}")
    with forwarded(adb, "tcp:8001") as client:
        assert client.recv(1) == b""


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--remove", "tcp:77"], b"listener 'tcp:77' not found"),
        (["localabstract:x", "tcp:9"], b"only tcp:PORT is available"),
    ],
)
def test_refusals(adb: Adb, words: list[str], text: bytes) -> None:
    done = adb("reverse", *words)
    assert done.returncode == 1
    assert text in done.stderr


def test_a_second_forward_of_a_port(adb: Adb) -> None:
    adb.text("reverse", "tcp:8002", "tcp:1")
    assert b"cannot rebind" in adb("reverse", "--no-rebind", "tcp:8002", "tcp:2").stderr
    adb.text("reverse", "tcp:8002", "tcp:3")
    assert "tcp:8002 tcp:3" in adb.text("reverse", "--list")


def test_forwards_end_with_the_hosts_connection(adb: Adb, fake_device: DeviceThread) -> None:
    adb.text("reverse", "tcp:8003", "tcp:1")
    adb("disconnect", adb.serial)
    adb("connect", adb.serial)
    adb("wait-for-device")
    assert adb.text("reverse", "--list").strip() == ""
