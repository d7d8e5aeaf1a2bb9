"""`tcp:` reaches what the device owns and nothing else of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.virtual.conftest import Adb, DeviceThread


@pytest.fixture
def echo_port() -> Iterator[int]:
    """A real listener on loopback that sends back what it gets, once."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            while data := client.recv(65536):
                client.sendall(data)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def forwarded(adb: Adb, remote: str) -> socket.socket:
    port = int(adb.text("forward", "tcp:0", remote))
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.settimeout(10)
    return client


def test_the_frida_port_leads_to_the_portal(
    adb: Adb, fake_device: DeviceThread, echo_port: int
) -> None:
    fake_device.frida_port = echo_port
    with forwarded(adb, "tcp:27042") as client:
        data = bytes(range(256)) * 1000
        client.sendall(data)
        got = b""
        while len(got) < len(data) and (piece := client.recv(65536)):
            got += piece
        assert got == data


def test_other_ports_of_the_machine_stay_out_of_reach(adb: Adb, echo_port: int) -> None:
    with forwarded(adb, f"tcp:{echo_port}") as client:
        assert client.recv(1) == b""


def test_no_portal_no_connection(adb: Adb) -> None:
    with forwarded(adb, "tcp:27042") as client:
        assert client.recv(1) == b""
