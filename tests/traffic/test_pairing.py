"""Events of several layers into exchanges."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from harness.traffic.exchange import EMPTY, Body, Exchange, Kind, Layer, Stack
from harness.traffic.pairing import Pairing
from tests.traffic.hook_events import BELOW, SENDER, Events
from tests.traffic.http_bytes import http1, tls_hello
from tests.traffic.test_http2 import BYTES as HTTP2
from tests.traffic.test_socks import GREETING, NAMED
from tests.traffic.test_socks import request as socks_request

HEAD = b"GET /a?q=1 HTTP/1.1\r\nHost: api.example\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: api.example\r\nContent-Length: 4\r\n\r\nterm"


def paired(*events: object) -> tuple[Exchange, ...]:
    pairing = Pairing("run", "org.app", clock_offset_s=500.0)
    pairing.feed(events)  # type: ignore[arg-type]  # Events hands out HookEvents
    return pairing.exchanges()


def test_one_request_seen_by_two_layers_is_one_exchange() -> None:
    e = Events()
    (exchange,) = paired(e.request(1), e.written(HEAD, ex=1), e.response(1, 204))
    assert exchange.seen_by == (Layer.JAVA_HTTP, Layer.TLS)
    assert (exchange.host, exchange.port, exchange.process) == ("api.example", 443, "org.app")
    assert exchange.request.url == "https://api.example/a?q=1"
    assert exchange.stack == SENDER
    assert exchange.started_s == 500.001
    assert exchange.response is not None
    assert exchange.response.status == 204


def test_bytes_may_come_before_the_head() -> None:
    e = Events()
    written = e.written(HEAD, ex=1)
    (exchange,) = paired(written, e.request(1), e.response(1))
    assert exchange.seen_by == (Layer.JAVA_HTTP, Layer.TLS)


def test_another_thread_may_write_for_it() -> None:
    e = Events()
    exchanges = paired(e.request(1), e.request(2, "POST", "https://api.example/a"), e.written(HEAD))
    assert [exchange.seen_by for exchange in exchanges] == [
        (Layer.JAVA_HTTP, Layer.TLS),
        (Layer.JAVA_HTTP,),
    ]


def test_an_answered_request_is_not_paired_with_later_bytes() -> None:
    e = Events()
    exchanges = paired(e.request(1), e.response(1), e.written(HEAD))
    assert [exchange.seen_by for exchange in exchanges] == [(Layer.JAVA_HTTP,), (Layer.TLS,)]


def test_cleartext_and_encrypted_are_never_one() -> None:
    e = Events()
    exchanges = paired(e.request(1), e.written(HEAD, layer=Layer.SOCKET, port=80))
    assert [exchange.request.url[:5] for exchange in exchanges] == ["https", "http:"]


def test_a_retry_is_an_exchange_of_its_own() -> None:
    e = Events()
    exchanges = paired(
        e.request(1),
        e.written(HEAD, ex=1),
        e.response(1, 0, "java.io.IOException: unexpected end"),
        e.request(2),
        e.written(HEAD, ex=2, conn=2),
        e.response(2),
    )
    assert [len(exchange.seen_by) for exchange in exchanges] == [2, 2]
    assert exchanges[0].response is None


def test_only_bytes_are_an_exchange_with_their_own_stack() -> None:
    e = Events()
    (exchange,) = paired(e.written(POST[:30]), e.written(POST[30:]))
    assert exchange.kind is Kind.HTTP
    assert exchange.seen_by == (Layer.TLS,)
    assert exchange.request.url == "https://api.example/a"
    assert exchange.request.body == Body.of(b"term")
    assert exchange.stack == BELOW


def test_http2_streams_are_paired_with_their_requests() -> None:
    e = Events()
    url = "https://api.clinic.example/find?q=h%C3%A9patite"
    exchanges = paired(e.request(5, "GET", url), e.written(HTTP2, ex=5))
    seen = {exchange.request.url: exchange.seen_by for exchange in exchanges}
    assert seen[url] == (Layer.JAVA_HTTP, Layer.TLS)
    assert seen["https://api.clinic.example/events"] == (Layer.TLS,)
    assert len(exchanges) == 4


def test_bodies_of_the_http_layer() -> None:
    e = Events()
    length = ("Content-Length", "4")
    whole = paired(
        e.request(1, "POST", "https://a.example/", length, body=True),
        e.body(1, b"te"),
        e.body(1, b"rm"),
        e.response(1),
    )
    assert whole[0].request.body == Body.of(b"term")
    short = paired(e.request(1, "POST", "https://a.example/", length, body=True), e.body(1, b"te"))
    assert short[0].request.body == Body(b"te", 4, "2 of 4 body bytes were seen")
    none = paired(e.request(1, "POST", "https://a.example/", body=True), e.response(1))
    assert none[0].request.body.unread == "no byte of the body was seen"
    cut = paired(
        e.request(1, "POST", "https://a.example/", body=True),
        e.body(1, b"te"),
        e.body(1, b"", "cut at 2 bytes", 2),
    )
    assert cut[0].request.body == Body(b"te", 4, "cut at 2 bytes")
    failed = paired(
        e.request(1, "POST", "https://a.example/", length, body=True), e.response(1, 0, "broken")
    )
    assert failed[0].request.body == EMPTY


def test_a_body_piece_may_come_before_its_request() -> None:
    e = Events()
    part = e.body(1, b"term")
    (exchange,) = paired(part, e.request(1, "POST", "https://a.example/", body=True))
    assert exchange.request.body.data == b"term"


def test_the_layer_below_completes_a_body() -> None:
    e = Events()
    request = e.request(1, "POST", "https://api.example/a", ("Content-Length", "4"), body=True)
    (exchange,) = paired(request, e.written(POST, ex=1), e.response(1))
    assert exchange.request.body == Body.of(b"term")


def test_an_unknown_protocol_is_a_stream_with_its_bytes() -> None:
    e = Events()
    encrypted, clear = paired(
        e.written(b"\x10\x0bMQTT cancer"),
        e.written(b"\x01\x02", layer=Layer.SOCKET, conn=2, host="1.2.3.4", port=1883),
    )
    assert (encrypted.kind, encrypted.request.body.data) == (Kind.STREAM, b"\x10\x0bMQTT cancer")
    assert (encrypted.request.url, encrypted.encrypted) == ("tls://api.example:443/", True)
    assert (clear.request.url, clear.encrypted) == ("tcp://1.2.3.4:1883/", False)


def test_unparsed_bytes_that_a_known_request_wrote_are_explained_others_are_not() -> None:
    e = Events()
    late = HTTP2[24:]
    exchanges = paired(e.request(1), e.written(late, ex=1), e.response(1))
    assert [exchange.kind for exchange in exchanges] == [Kind.HTTP]
    alone = paired(e.written(late))
    assert {exchange.kind for exchange in alone} == {Kind.STREAM}
    assert all(exchange.request.body.unread for exchange in alone)


def test_websocket_messages_after_their_handshake() -> None:
    e = Events()
    handshake = (
        b"GET /chat HTTP/1.1\r\nHost: api.example\r\n"
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    )
    frame = b"\x81\x85\x00\x00\x00\x00covid"
    upgrade, message = paired(
        e.request(1, "GET", "https://api.example/chat"),
        e.written(handshake, ex=1),
        e.response(1, 101),
        e.written(frame),
    )
    assert upgrade.seen_by == (Layer.JAVA_HTTP, Layer.TLS)
    assert message.kind is Kind.WEBSOCKET
    assert message.request.url == "wss://api.example/chat"
    assert message.request.body == Body.of(b"covid")


def test_encrypted_bytes_of_unknown_origin_say_so() -> None:
    e = Events()
    (exchange,) = paired(e.cipher(tls_hello("graph.facebook.com")))
    assert exchange.host == "graph.facebook.com"
    assert exchange.kind is Kind.STREAM
    assert exchange.request.body.unread == "encrypted by code that is not hooked"
    assert exchange.stack == BELOW


def test_encrypted_bytes_of_a_hooked_connection_are_explained() -> None:
    e = Events()
    assert paired(e.cipher(b"\x16\x03\x01", conn=4), e.carrier(4, 9)) == ()


def test_encryption_behind_a_socks_proxy_names_the_real_host() -> None:
    e = Events()
    greeting = e.written(GREETING + socks_request(NAMED), layer=Layer.SOCKET, host="127.0.0.1")
    (exchange,) = paired(greeting, e.cipher(b"\x16\x03\x01"))
    assert (exchange.host, exchange.port) == ("clinic.example", 443)


def test_connections_of_one_name_have_the_port_in_their_url() -> None:
    e = Events()
    data = b"GET / HTTP/1.0\r\n\r\n"
    (named,) = paired(e.written(data, port=8443))
    assert named.request.url == "https://api.example:8443/"
    (six,) = paired(e.written(data, host="::1", layer=Layer.SOCKET, port=80))
    assert six.request.url == "http://[::1]/"
    (proxied,) = paired(e.written(b"GET http://far.example/x HTTP/1.1\r\n\r\n", port=3128))
    assert (proxied.host, proxied.request.url) == ("far.example", "http://far.example/x")


def test_state_survives_and_unchanged_exchanges_stay_the_same_objects() -> None:
    e = Events()
    pairing = Pairing("run")
    pairing.feed([e.request(1), e.written(HEAD, ex=1)])
    (first,) = pairing.exchanges()
    pairing.feed([e.written(POST)])
    again, second = pairing.exchanges()
    assert again is first
    assert second.id != first.id
    pairing.feed([e.response(1)])
    answered = pairing.exchanges()[0]
    assert (answered.id, answered.response is not None) == (first.id, True)


def test_a_malformed_url_is_kept_as_it_is() -> None:
    e = Events()
    (exchange,) = paired(e.request(1, "GET", "https://[bad/é"))
    assert (exchange.host, exchange.request.url) == ("", "https://[bad/é")


REQUESTS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["bytes", "http", "both"])), max_size=20
)


@given(REQUESTS)
def test_no_request_is_dropped_or_counted_twice(requests: list[tuple[int, str]]) -> None:
    e = Events()
    pairing = Pairing("run")
    for ex, (conn, way) in enumerate(requests, start=1):
        if way != "bytes":
            pairing.feed([e.request(ex)])
        if way != "http":
            pairing.feed([e.written(HEAD, conn=conn, ex=ex if way == "both" else 0)])
        if way != "bytes":
            pairing.feed([e.response(ex)])
        pairing.exchanges()
    exchanges = pairing.exchanges()
    assert len(exchanges) == len(requests)
    assert len({exchange.id for exchange in exchanges}) == len(requests)
    both = [exchange for exchange in exchanges if len(exchange.seen_by) == 2]
    assert len(both) == sum(way == "both" for _, way in requests)


def test_ten_thousand_exchanges_in_linear_time() -> None:
    e = Events()
    events = [
        each
        for ex in range(1, 10_001)
        for each in (e.request(ex), e.written(HEAD, ex=ex), e.response(ex), e.written(POST, conn=2))
    ]
    pairing = Pairing("run")
    began = time.process_time()
    pairing.feed(events)
    assert len(pairing.exchanges()) == 20_000
    first = time.process_time() - began
    pairing.exchanges()
    # Nothing changed: nothing is made again. Generous, since other work shares this machine.
    assert time.process_time() - began - first < first
    assert first < 20


def test_http_of_pythons_own_client() -> None:
    e = Events()
    (exchange,) = paired(e.written(http1("POST", "/e", [b"can", b"cer"]), host="clinic.example"))
    assert exchange.request.body.data == b"cancer"
    assert exchange.stack != Stack()
