"""Datagrams and look-ups as exchanges of the pairing."""

from __future__ import annotations

from harness.traffic.exchange import Kind, Layer
from harness.traffic.pairing import Pairing
from tests.traffic.hook_events import Events


def test_each_datagram_is_an_exchange() -> None:
    events, pairing = Events(), Pairing("1")
    pairing.feed([events.datagram(b"one"), events.datagram(b"two", "2001:DB8::1", 53)])
    one, two = pairing.exchanges()
    assert (one.kind, one.seen_by, one.request.body.data) == (
        Kind.DATAGRAM, (Layer.SOCKET,), b"one",
    )  # fmt: skip
    assert (two.host, two.port, two.request.url) == ("2001:db8::1", 53, "udp://[2001:db8::1]:53/")
    assert one.id != two.id


def test_a_hand_over_names_the_method_that_was_called_and_who_got_it() -> None:
    events, pairing = Events(), Pairing("1", "app")
    pairing.feed([
        events.handover("com.vendor.Sdk.track(java.lang.String)", b'["covid"]'),
        events.handover("android.app.ContextImpl.sendBroadcast", b"[]", Layer.IPC, "com.other"),
    ])  # fmt: skip
    sdk, ipc = pairing.exchanges()
    assert (sdk.kind, sdk.seen_by, sdk.package, sdk.host) == (
        Kind.HANDOVER, (Layer.SDK_API,), "", "",
    )  # fmt: skip
    assert sdk.stack.frames[0] == "com.vendor.Sdk.track(hooked)"
    assert (sdk.request.method, sdk.request.body.data) == ("track", b'["covid"]')
    assert (ipc.seen_by, ipc.package, ipc.process) == ((Layer.IPC,), "com.other", "app")


def test_a_name_is_told_once_and_only_if_nothing_went_there() -> None:
    events, pairing = Events(), Pairing("1")
    pairing.feed(
        [events.lookup("API.example."), events.lookup("t.example"), events.lookup("t.example")]
    )
    assert [each.host for each in pairing.exchanges()] == ["api.example", "t.example"]
    pairing.feed([events.request(1, url="https://api.example/")])
    asked = [each for each in pairing.exchanges() if each.request.method == "DNS"]
    assert [(each.host, each.kind, each.port) for each in asked] == [
        ("t.example", Kind.DATAGRAM, 53)
    ]
    assert asked[0].request.body.data == b"t.example"
    assert asked[0].stack.frames


def test_an_engine_without_a_peer_has_that_of_its_socket() -> None:
    data = b"\x00 not http"
    for early in (True, False):
        events, pairing = Events(), Pairing("1")
        carrier = events.carrier(2, 1, "Api.example", 8443)
        written = events.written(data, host="", port=0)
        pairing.feed(
            [carrier, written]
            if early
            else [written, carrier, events.written(b"GET / HTTP/1.1\r\n\r\n", host="", port=0)]
        )
        last = pairing.exchanges()[-1]
        assert (last.host, last.port) == ("api.example", 8443)
