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


def own_address() -> str:
    """An address of this machine that is none of loopback; empty when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # only picks a route, sends nothing
        except OSError:
            return ""
        address: str = probe.getsockname()[0]
        return "" if address.startswith("127.") else address


@pytest.mark.parametrize("where", ["second loopback address", "address of the machine"])
def test_nothing_goes_past_the_proxy(bound: Probe, device: Device, where: str) -> None:
    """A listener as a stand-in for the rest of the world."""
    loopback = where.startswith("second")
    address = "127.0.0.2" if loopback else own_address()
    if not address:
        pytest.skip("this machine has no address besides loopback")
    seen = len(bound.events)
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
            # To the proxy, which takes it for the host that it asks for; loopback is never the
            # proxy's business, and the kernel refuses what is no server of the app itself.
            "SOCKET": "SocketException" if loopback else "went",
            "SOCKET_NO_PROXY": "SocketException" if loopback else "went",
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
            "NETCAT": "IOException",
            "SHELL": "IOException",
            "HTTPS_NO_PROXY": "went",
            "QUIC": "SocketException",
            "LOCAL_SOCKET": "IOException",
            # The other proxy is a host like any other.
            "OWN_PROXY": "SocketException" if loopback else "IOException",
        }
        with pytest.raises(BlockingIOError):
            tcp.accept()
        with pytest.raises(BlockingIOError):
            udp.recv(16)
    attempts = [e for e in bound.events[seen:] if isinstance(e, Attempt) and e.kind != "lookup"]
    in_java = [e for e in attempts if e.trace]
    assert {e.kind for e in in_java} == {
        "socket-channel",
        "asynchronous-channel",
        "datagram",
        "datagram-channel",
    }
    assert all("org.example.probe.Escape" in e.trace for e in in_java)
    assert {(e.kind, e.target) for e in attempts if not e.trace} == {
        ("connect", f"{address}:{port}"),
        ("datagram", f"{address}:{port}"),
        ("exec", f"curl http://{address}:{port}"),
        ("exec", f"nc {address} {port}"),
        ("exec", f"/bin/sh -c echo escaped >/dev/tcp/{address}/{port} && curl {address}"),
    }


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
