"""Flow files as mitmproxy's own writer makes them."""

from __future__ import annotations

import io
import random
from contextlib import suppress

import pytest
from mitmproxy import dns, tcp
from mitmproxy.http import Headers
from mitmproxy.test import tflow, tutils

from harness.traffic.exchange import Exchange, Kind
from harness.traffic.flows import FlowFileError, read_flows
from harness.traffic.loose_records import DNS
from tests.traffic.flow_files import written


def read(data: bytes) -> list[Exchange]:
    return list(read_flows(io.BytesIO(data), "x.flows"))


def test_http_with_its_response() -> None:
    flow = tflow.tflow(
        req=tutils.treq(host="t.example", content=b"q=1", headers=((b"a", b"b"),)), resp=True
    )
    (exchange,) = read(written(flow))
    assert (exchange.kind, exchange.host, exchange.index) == (Kind.HTTP, "t.example", 0)
    assert exchange.request.body.data == b"q=1"
    assert ("a", "b") in exchange.request.headers
    assert exchange.response is not None
    assert exchange.response.body.data == b"message"


def test_a_streamed_body_is_a_gap() -> None:
    flow = tflow.tflow()
    flow.request.raw_content = None
    (exchange,) = read(written(flow))
    assert "streamed" in exchange.request.body.unread


def test_websockets_and_raw_connections() -> None:
    exchanges = read(written(tflow.twebsocketflow(), tflow.ttcpflow(), tflow.tudpflow()))
    kinds = {exchange.kind for exchange in exchanges}
    assert kinds == {Kind.HTTP, Kind.WEBSOCKET, Kind.STREAM, Kind.DATAGRAM}
    sent = [e for e in exchanges if e.kind is Kind.WEBSOCKET and e.request.body.data]
    assert sent[0].request.body.data == b"hello binary"
    assert next(e.index for e in exchanges if e.kind is Kind.STREAM) == 1


def test_what_came_before_the_damage_is_kept() -> None:
    data = written(tflow.tflow(), tflow.tflow())
    flows = read_flows(io.BytesIO(data[:-20]), "x")
    assert next(flows).index == 0
    with pytest.raises(FlowFileError):
        list(flows)


def test_not_a_flow_file() -> None:
    with pytest.raises(FlowFileError):
        read(b"12:not a flow..,")


def test_no_damage_is_anything_but_damage() -> None:
    """mitmproxy's reader meets damaged fields with assertions and more."""
    chance = random.Random(3)
    whole = written(tflow.tflow(resp=True), tflow.twebsocketflow(), tflow.ttcpflow())
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 8))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(FlowFileError):
            read(bytes(data))


def test_a_field_of_the_wrong_kind() -> None:
    """A key that the format does not have, as one flipped bit makes it."""
    with pytest.raises(FlowFileError):
        read(written(tflow.twebsocketflow()).replace(b"8:response;", b"8:responsf;"))


def test_the_host_is_whom_the_connection_was_made_to_whatever_the_header_says() -> None:
    liar = tflow.tflow(req=tutils.treq(host="t.example", headers=((b"Host", b"clinic.example"),)))
    (exchange,) = read(written(liar))
    assert exchange.host == "t.example"
    assert "//t.example" in exchange.request.url
    headers = ((b"Host", b"named.example"),)
    by_address = tflow.tflow(req=tutils.treq(host="192.0.2.7", headers=headers))
    by_address.client_conn.sni = None
    by_address.server_conn.sni = None
    assert read(written(by_address))[0].host == "named.example"
    by_address.client_conn.sni = "tls.example"
    assert read(written(by_address))[0].host == "tls.example"


def test_a_raw_connection_is_one_stream_whatever_its_writes() -> None:
    flow = tflow.ttcpflow()
    flow.messages = [
        tcp.TCPMessage(True, b"q=h\xc3\xa9pa", 1.0),
        tcp.TCPMessage(False, b"o", 2.0),
        tcp.TCPMessage(True, b"tite", 3.0),
        tcp.TCPMessage(False, b"k", 4.0),
    ]
    whole, first, second = read(written(flow))
    assert whole.request.body.data == "q=hépatite".encode()
    assert whole.response is not None
    assert whole.response.body.data == b"ok"
    assert [first.request.body.data, second.request.body.data] == ["q=hépa".encode(), b"tite"]
    assert (first.response, second.response) == (None, None)
    assert {each.kind for each in (whole, first, second)} == {Kind.STREAM}
    assert len({each.id for each in (whole, first, second)}) == 3


@pytest.mark.parametrize(("tls_at", "encrypted"), [(1.0, True), (None, False)])
def test_whether_a_raw_connection_was_encrypted(tls_at: float | None, encrypted: bool) -> None:
    for flow in (tflow.ttcpflow(), tflow.tudpflow()):
        flow.client_conn.timestamp_tls_setup = tls_at
        assert read(written(flow))[0].encrypted is encrypted


def test_a_connection_on_which_only_the_server_spoke() -> None:
    flow = tflow.ttcpflow()
    flow.messages = [tcp.TCPMessage(False, b"hello", 1.0)]
    (whole,) = read(written(flow))
    assert (whole.request.method, whole.request.body.data) == ("", b"")


def test_a_name_that_was_looked_up_is_told_to_the_owner_of_its_domain() -> None:
    flow = tflow.tdnsflow(resp=True)
    flow.client_conn.timestamp_tls_setup = None
    flow.request.questions = [dns.Question("aGVwYXRpdGU.t.example", 1, 1)]
    (exchange,) = read(written(flow))
    assert (exchange.kind, exchange.host) == (Kind.DATAGRAM, "agvwyxrpdgu.t.example")
    assert exchange.request.url == "dns://aGVwYXRpdGU.t.example/"
    assert exchange.request.method == DNS
    assert exchange.response is not None
    assert b"8.8.8.8" in exchange.response.body.data
    flow.client_conn.timestamp_tls_setup = 1.0
    assert read(written(flow))[0].encrypted


def test_a_lookup_may_carry_records_of_its_own() -> None:
    flow = tflow.tdnsflow()
    flow.request.additionals = [dns.ResourceRecord("t.example", 16, 1, 60, b"\x05covid")]
    (exchange,) = read(written(flow))
    assert exchange.request.headers == (("dns-txt", b"\x05covid".hex()),)
    assert exchange.response is None


def test_trailers_are_read_as_the_headers_that_they_are() -> None:
    flow = tflow.tflow(resp=True)
    flow.request.trailers = Headers([(b"x-note", b"cancer")])
    flow.response.trailers = Headers([(b"x-note", b"seen")])
    (exchange,) = read(written(flow))
    assert exchange.request.headers[-1] == ("x-note", "cancer")
    assert exchange.response is not None
    assert exchange.response.headers[-1] == ("x-note", "seen")
