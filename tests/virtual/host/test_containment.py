"""The app's network: Android's own stack, the proxy, and nothing else."""

from __future__ import annotations

import json
import socket

import pytest

from harness.virtual.host import (
    Attempt,
    IntentSpec,
)
from harness.virtual.host.model import ExtraValue

from .conftest import (
    MAIN,
    NEW_TASK_CLEAR_TASK,
    Device,
    Probe,
    eventually,
)

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("virtual-host")]


def test_https_from_a_process_that_was_warm(probe: Probe, device: Device) -> None:
    probe.tap("fetch")
    eventually(lambda: "gefunden" in probe.status())
    assert probe.status() == ("com.android.okhttp.internal.huc.HttpsURLConnectionImpl gefunden: é")
    requests = [
        entry
        for entry in map(json.loads, device.internet.record.read_text().splitlines())
        if entry["event"] == "request"
    ]
    hosts = {entry["where"]["host"] for entry in requests}
    assert hosts - {"127.0.0.2"} == {"search.probe.example"}, "the warm-up sends nothing"
    assert requests[-1]["where"]["tls"] is True
    headers = {name.lower(): value for name, value in requests[-1]["headers"]}
    agent = "Dalvik/2.1.0 (Linux; U; Android 14; Virtual Android Build/UQ1A.240205.004)"
    assert headers["user-agent"] == agent
    assert headers["accept-encoding"] == "gzip"


def test_nothing_goes_past_the_proxy(bound: Probe, device: Device) -> None:
    """A listener on a second loopback address, as a stand-in for the rest of the world."""
    address = "127.0.0.2"
    with (
        socket.create_server((address, 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        port = tcp.getsockname()[1]
        udp.bind((address, port))
        tcp.setblocking(False)
        udp.setblocking(False)
        extras: dict[str, ExtraValue] = {"address": address, "port": port}
        intent = IntentSpec(component=MAIN, flags=NEW_TASK_CLEAR_TASK, extras=extras)
        bound.run(bound.process.start_activity(intent))
        bound.tap("escape")
        eventually(lambda: "NAME" in bound.status())
        outcome = dict(way.split(" ") for way in bound.status().strip("; ").split("; "))
        assert outcome == {
            "SOCKET": "went",  # to the proxy, which takes it for the host that it asks for
            "SOCKET_NO_PROXY": "went",
            "CHANNEL": "SocketException",
            "ASYNC_CHANNEL": "SocketException",
            "DATAGRAM": "SocketException",
            "DATAGRAM_CHANNEL": "SocketException",
            "CLEARTEXT": "IOException",  # target SDK 34 without usesCleartextTraffic
            "NAME": "UnknownHostException",
        }
        with pytest.raises(BlockingIOError):
            tcp.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(16)
    attempts = [e for e in bound.events if isinstance(e, Attempt)]
    assert {e.kind for e in attempts} == {
        "socket-channel",
        "asynchronous-channel",
        "datagram",
        "datagram-channel",
    }
    assert all("org.example.probe.Escape" in e.trace for e in attempts)
