"""The agent on NIO: channels, `SSLEngine`, datagrams, names, in a real HotSpot 17.

What the local servers answer shows that the bytes arrived; the JDK's own HTTP client is the one
that drives channel and engine together, as Netty does.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from harness.traffic.exchange import Exchange, Kind, Layer
from harness.virtual.toolchain import artifacts
from tests.agent.conftest import Hooked, Net, attached
from tests.agent.portal import Portal
from tests.agent.target import running

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("agent-on-jvm")]

NO_NAME_CHECK = "-Djdk.internal.httpclient.disableHostnameVerification=true"


@pytest.fixture(scope="module")
def hooked(net: Net, local: Portal) -> Iterator[Hooked]:
    with running("okhttp-4", NO_NAME_CHECK) as target:
        session = attached(local, target)
        yield Hooked(target, session, net)
        report = session.report()
        assert (report.errors, report.lost) == ((), 0)
        assert not [hook for hook in report.hooks if hook.state == "failed"]
        session.close()


def called(exchange: Exchange, frame: str) -> bool:
    return any(frame in each for each in exchange.stack.all_frames)


@pytest.mark.parametrize("way", ["channel", "gather", "adaptor", "async"])
def test_bytes_of_a_channel(hooked: Hooked, way: str) -> None:
    text = f"{way}: cancer 😀 {'x' * 70_000}"
    assert hooked.target.tell(way, hooked.net.raw, text) == f"ok {ord('!')}"
    seen = hooked.only(f"{way}: cancer")
    assert (seen.kind, seen.seen_by, seen.host) == (Kind.STREAM, (Layer.SOCKET,), "127.0.0.1")
    assert seen.request.body.data == text.encode()
    assert seen.port == int(hooked.net.raw.partition(":")[2])
    assert called(seen, "NioClient.write")


def test_a_request_over_channels_in_clear(hooked: Hooked) -> None:
    url = f"{hooked.net.http}/jdk?q=h%C3%A9patite"
    assert hooked.target.tell("client", url, "covid") == "ok 200 5 bytes"
    seen = hooked.only("/jdk?q=")
    assert (seen.seen_by, seen.request.url) == ((Layer.SOCKET,), url)
    assert seen.request.body.data == b"covid"


def test_a_request_over_an_engine_is_read_above_its_encryption(hooked: Hooked) -> None:
    url = f"{hooked.net.https}/engine?q=1"
    assert hooked.target.tell("client", url, "hépatite") == "ok 200 9 bytes"
    seen = hooked.only("/engine?q=")
    assert (seen.seen_by, seen.request.url) == ((Layer.TLS,), url)
    assert seen.request.body.data == "hépatite".encode()
    unexplained = [
        each for each in hooked.session.exchanges() if "not hooked" in each.request.body.unread
    ]
    assert unexplained == []


@pytest.mark.parametrize("way", ["packet", "packets"])
def test_datagrams(hooked: Hooked, way: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(30)
        host, port = server.getsockname()
        text = f"({way} hépatite"
        hooked.target.tell(way, f"{host}:{port}", text)
        arrived = [server.recv(100), server.recv(100)]
    found = hooked.seen(f"{way} h")
    assert (
        [each.request.body.data for each in found] == arrived == [text.encode(), text[1:].encode()]
    )
    assert {(each.kind, each.host, each.port) for each in found} == {(Kind.DATAGRAM, host, port)}
    assert all(called(each, "NioClient.datagram") for each in found)


def test_a_name_that_was_only_looked_up(net: Net, local: Portal) -> None:
    with running("okhttp-4", "-Djdk.net.hosts.file=/dev/null") as target:
        session = attached(local, target)
        assert target.tell("lookup", "cancer.t.example").startswith("threw java.net.UnknownHost")
        target.tell("get", f"{net.http}/named")
        target.tell("lookup", "127.0.0.1")
        hooked = Hooked(target, session, net)
        (seen,) = hooked.seen("cancer.t.")
        assert (seen.kind, seen.request.method, seen.host) == (
            Kind.DATAGRAM,
            "DNS",
            "cancer.t.example",
        )
        assert called(seen, "Target.run")
        assert len(session.exchanges()) == 2
        session.close()


def test_an_engine_of_conscrypt_in_its_own_package(net: Net, local: Portal) -> None:
    jars = [each for each in artifacts("robolectric") if each.name.startswith("conscrypt-")]
    options = ("-Dtarget.provider=org.conscrypt.OpenSSLProvider", NO_NAME_CHECK)
    with running("okhttp-4", *options, more=jars) as target:
        session = attached(local, target)
        hooked = Hooked(target, session, net)
        assert target.tell("client", f"{net.https}/boring", "hépatite") == "ok 200 9 bytes"
        seen = hooked.only("/boring")
        assert (seen.seen_by, seen.request.body.data) == ((Layer.TLS,), "hépatite".encode())
        assert [each for each in session.exchanges() if each.request.body.unread] == []
        report = session.report()
        assert dict(report.fired)["org.conscrypt.ConscryptEngine.writePlaintextData"] > 0
        assert report.errors == ()
        session.close()
