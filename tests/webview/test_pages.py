"""DevTools' events as exchanges; the events have the shapes of the protocol's own page.

https://chromedevtools.github.io/devtools-protocol/tot/Network
"""

from __future__ import annotations

import base64
from typing import Any

import pytest

from harness.traffic.exchange import Body, Exchange, Kind, Layer
from harness.webview.pages import MISSING_BODY, PageLog, Wanted

SENT = "Network.requestWillBeSent"


def event(url: str, number: str = "1", **request: Any) -> dict[str, Any]:
    return {
        "requestId": number,
        "wallTime": 1_767_225_600.5,
        "timestamp": 100.5,
        "initiator": {"type": "script"},
        "request": {"url": url, "method": "GET", "headers": {"A": "b"}, **request},
    }


def only(log: PageLog) -> Exchange:
    (exchange,) = log.exchanges()
    return exchange


def test_a_request_and_its_answer() -> None:
    log = PageLog("7")
    assert log.take("s", SENT, event("https://T.example:8443/p?q=1#part")) is None
    answer = {"status": 204, "headers": {"X": "y"}, "protocol": "h2"}
    log.take("s", "Network.responseReceived", {"requestId": "1", "response": answer})
    made = only(log)
    assert (made.id, made.kind, made.seen_by) == ("web:7:1", Kind.HTTP, (Layer.WEBVIEW,))
    assert (made.host, made.port, made.started_s) == ("t.example", 8443, 1_767_225_600.5)
    assert (made.request.method, made.request.url) == ("GET", "https://T.example:8443/p?q=1")
    assert made.response is not None
    assert (made.response.status, made.response.http_version) == (204, "h2")


@pytest.mark.parametrize("first", [True, False])
def test_the_headers_that_went_out_count_whenever_they_are_told(first: bool) -> None:
    log = PageLog()
    extra = {"requestId": "1", "headers": {":path": "/", "Cookie": "_fbp=fb.1"}}
    if first:
        log.take("s", "Network.requestWillBeSentExtraInfo", extra)
    log.take("s", SENT, event("https://t.example/"))
    if not first:
        log.take("s", "Network.requestWillBeSentExtraInfo", extra)
    assert only(log).request.headers == (("Cookie", "_fbp=fb.1"),)


def test_a_body_in_the_event_and_one_that_must_be_asked_for() -> None:
    log = PageLog()
    entries = [{"bytes": base64.b64encode(part).decode()} for part in (b"one ", b"two")]
    sent = event("https://t.example/", hasPostData=True, postDataEntries=entries)
    assert log.take("s", SENT, sent) is None
    assert only(log).request.body == Body.of(b"one two")
    sent = event("https://t.example/b", "2", hasPostData=True, postDataEntries=[{}])
    wanted = log.take("s", SENT, sent)
    assert wanted == Wanted("s", "2")
    assert log.exchanges()[1].request.body == Body(b"", 0, MISSING_BODY)
    log.body(Wanted("s", "2"), b"late")
    assert log.exchanges()[1].request.body == Body.of(b"late")
    log.body(Wanted("s", "9"), b"of nothing")


def test_a_redirect_ends_one_exchange_and_begins_another() -> None:
    log = PageLog()
    log.take("s", SENT, event("https://a.example/"))
    moved = {"status": 302, "headers": {"Location": "https://b.example/"}}
    log.take("s", SENT, event("https://b.example/") | {"redirectResponse": moved})
    first, second = log.exchanges()
    assert first.response is not None
    assert (first.host, first.response.status) == ("a.example", 302)
    assert (second.host, second.response) == ("b.example", None)


def test_frames_of_a_websocket() -> None:
    log = PageLog()
    asked = {"requestId": "1", "wallTime": 1_767_225_600.0, "timestamp": 100.0}
    log.take("s", "Network.webSocketCreated", {"requestId": "1", "url": "wss://t.example/s"})
    log.take("s", "Network.webSocketWillSendHandshakeRequest", asked)
    for opcode, data in ((1, "hépatite"), (2, base64.b64encode(b"\x00\xff").decode())):
        frame = {"opcode": opcode, "payloadData": data}
        sent = {"requestId": "1", "timestamp": 101.0, "response": frame}
        log.take("s", "Network.webSocketFrameSent", sent)
    text, binary = log.exchanges()
    assert (text.kind, text.host, text.port) == (Kind.WEBSOCKET, "t.example", 443)
    assert text.request.body == Body.of("hépatite".encode())
    assert text.started_s == 1_767_225_601.0
    assert binary.request.body == Body.of(b"\x00\xff")


def test_who_sent_it_innermost_first_over_asynchronous_calls() -> None:
    log = PageLog()
    call = {
        "functionName": "send",
        "url": "https://s.example/t.js",
        "lineNumber": 0,
        "columnNumber": 4,
    }
    outer = {"callFrames": [call | {"functionName": "", "lineNumber": 9}]}
    stack = {"callFrames": [call], "parent": outer}
    log.take("s", SENT, event("https://t.example/") | {"initiator": {"stack": stack}})
    assert only(log).stack.frames == (
        "send (https://s.example/t.js:1:5)",
        "(anonymous) (https://s.example/t.js:10:5)",
    )
    log = PageLog()
    markup = {"type": "parser", "url": "https://page.example/", "lineNumber": 3}
    log.take("s", SENT, event("https://t.example/i.gif") | {"initiator": markup})
    assert only(log).stack.frames == ("(markup) (https://page.example/:4)",)


@pytest.mark.parametrize(
    "url", ["data:text/plain,x", "blob:https://a/1", "file:///a.html", "about:blank"]
)
def test_what_stays_in_the_app_is_no_exchange(url: str) -> None:
    log = PageLog()
    assert log.take("s", SENT, event(url)) is None
    log.take("s", "Network.responseReceived", {"requestId": "1", "response": {"status": 200}})
    assert (log.exchanges(), log.odd) == ((), 0)


def test_events_without_what_they_need_are_counted() -> None:
    log = PageLog()
    log.take("s", SENT, {})
    log.take("s", "Network.webSocketFrameSent", {"requestId": "none"})
    log.take("s", "Network.somethingNew", {})
    assert (log.exchanges(), log.odd) == ((), 2)


PAUSED = "Fetch.requestPaused"


def paused(url: str, network: str | None = "1", **more: Any) -> dict[str, Any]:
    """As the capture hands it on: with the moment in which it was heard."""
    named = {"networkId": network} if network is not None else {}
    request = {"url": url, "method": "POST", "headers": {}, "hasPostData": True}
    entries = {"postDataEntries": [{"bytes": base64.b64encode(b"x").decode()}]}
    return {"requestId": "job", "heard_s": 7.0, "request": request | entries, **named, **more}


@pytest.mark.parametrize("order", [(PAUSED, SENT), (SENT, PAUSED)])
def test_what_both_domains_tell_is_one_exchange(order: tuple[str, str]) -> None:
    log = PageLog()
    url = "https://t.example/"
    for method in order:
        log.take("s", method, event(url) if method == SENT else paused(url))
    assert only(log).started_s == 1_767_225_600.5
    answer = {"status": 204, "headers": {}}
    log.take("s", "Network.responseReceived", {"requestId": "1", "response": answer})
    assert only(log).response is not None


def test_a_request_of_a_page_that_is_left_has_no_name_and_counts() -> None:
    log = PageLog("7")
    assert log.take("s", PAUSED, paused("https://t.example/beacon", None)) is None
    made = only(log)
    assert (made.id, made.started_s, made.request.method) == ("web:7:1", 7.0, "POST")
    assert made.request.body == Body.of(b"x")
    assert log.odd == 0


def test_each_hop_of_a_redirect_counts_also_when_its_page_is_left() -> None:
    log = PageLog()
    hop = {"redirectedRequestId": "job"}
    log.take("s", PAUSED, paused("https://a.example/", None))
    log.take("s", PAUSED, paused("https://b.example/", None, **hop))
    assert [each.host for each in log.exchanges()] == ["a.example", "b.example"]


@pytest.mark.parametrize("late", [False, True])
def test_a_hop_that_the_network_events_tell_as_well_is_one_exchange(late: bool) -> None:
    log = PageLog()
    log.take("s", SENT, event("https://a.example/"))
    moved = {"redirectResponse": {"status": 307, "headers": {}}}
    told = [
        (SENT, event("https://b.example/") | moved),
        (PAUSED, paused("https://b.example/", redirectedRequestId="job")),
    ]
    for method, params in reversed(told) if late else told:
        log.take("s", method, params)
    first, second = log.exchanges()
    assert first.response is not None
    assert (first.host, first.response.status, second.host) == ("a.example", 307, "b.example")


def test_a_body_that_one_domain_has_stays() -> None:
    log = PageLog()
    log.take("s", PAUSED, paused("https://t.example/"))
    sent = event("https://t.example/", method="POST", hasPostData=True)
    assert log.take("s", SENT, sent) is None
    assert only(log).request.body == Body.of(b"x")


def test_requests_of_one_number_and_address_with_other_bodies_are_two() -> None:
    log = PageLog()
    for session, data in (("s", b"ping"), ("w", b"q=cancer")):
        entries = [{"bytes": base64.b64encode(data).decode()}]
        sent = event("https://t.example/", hasPostData=True, postDataEntries=entries)
        log.take(session, SENT, sent)
    bodies = [each.request.body.data for each in log.exchanges()]
    assert bodies == [b"ping", b"q=cancer"]


def test_what_two_sessions_tell_of_one_request_is_one_exchange() -> None:
    """A service worker's, told by the browser's and by its page's, some microseconds apart."""
    log = PageLog()
    log.take("s", SENT, event("https://t.example/"))
    log.take("w", SENT, event("https://t.example/") | {"wallTime": 1_767_225_600.50002})
    assert only(log).started_s == 1_767_225_600.5
    log.take(
        "w",
        "Network.responseReceived",
        {"requestId": "1", "response": {"status": 204, "headers": {}}},
    )
    assert only(log).response is not None


def test_what_two_sessions_tell_of_something_that_stays_in_the_app_is_no_oddity() -> None:
    log = PageLog()
    for session in ("s", "w"):
        log.take(session, SENT, event("blob:https://p.example/1"))
        answer = {"requestId": "1", "response": {"status": 200, "headers": {}}}
        log.take(session, "Network.responseReceived", answer)
    assert (log.exchanges(), log.odd) == ((), 0)
