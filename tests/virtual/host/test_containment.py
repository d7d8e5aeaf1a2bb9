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
        eventually(lambda: "OWN_PROXY" in bound.status())
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
            "MULTICAST": "SocketException",
            "JDK_CHANNEL": "SocketException",
            "JDK_DATAGRAM_CHANNEL": "SocketException",
            "PROGRAM": "IOException",
            "LOCAL_SOCKET": "IOException",
            "OWN_PROXY": "IOException",  # the other proxy is a host like any other
        }
        with pytest.raises(BlockingIOError):
            tcp.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(16)
    attempts = [e for e in bound.events if isinstance(e, Attempt) and e.kind != "lookup"]
    in_java = [e for e in attempts if e.trace]
    assert {e.kind for e in in_java} == {
        "socket-channel",
        "asynchronous-channel",
        "datagram",
        "datagram-channel",
    }
    assert all("org.example.probe.Escape" in e.trace for e in in_java)
    assert [(e.kind, e.target) for e in attempts if not e.trace] == [
        ("connect", f"{address}:{port}"),
        ("datagram", f"{address}:{port}"),
        ("exec", f"curl http://{address}:{port}"),
    ]


def test_clients_that_resolve_by_themselves_are_led_to_the_proxy(probe: Probe) -> None:
    seen = len(probe.events)
    probe.tap("resolve")
    eventually(lambda: not probe.status().startswith("starts"))
    assert probe.status() == (
        "URLConnection gefunden: é, OkHttp gefunden: é, "
        "true 80 search.probe.example localhost/127.0.0.1"
    )
    lookups = [e for e in probe.events[seen:] if isinstance(e, Attempt) and e.kind == "lookup"]
    assert {e.target for e in lookups} == {"search.probe.example"}
    assert not [e for e in probe.events[seen:] if isinstance(e, Attempt) and e.kind != "lookup"]
