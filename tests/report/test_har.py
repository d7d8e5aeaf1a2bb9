"""HAR: what was found is found again in the file, by our scan; another reader reads it, too."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.io import FlowReader

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor
from harness.cli.scanner import Task
from harness.cli.scanning import scan_file
from harness.detection.engine import Engine
from harness.findings.facts import ScannedExchange
from harness.report.har import document
from harness.report.run import ReportedRun
from harness.traffic.captures import read_capture
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Response, Stack
from tests.findings.building import FIRST_PARTY, TERM, exchange, facts
from tests.report.items import blind, leaking, passing, report
from tests.report.runs import hostile, item, run, three

ENGINE = Engine([TERM])
MIXPANEL = Stack(("com.mixpanel.android.util.HttpService.performRequest(HttpService.java:1)",))
HIDDEN = b64encode(json.dumps({"q": TERM}).encode())


def seen(what: Exchange) -> ScannedExchange:
    recipient = Attributor(Catalogue.load(), ["clinic.example"]).recipient(what)
    return ScannedExchange(what, ENGINE.scan(what), recipient)


def with_request(**fields: Any) -> Exchange:
    base = exchange()
    return replace(base, request=replace(base.request, **fields))


TYPED = "h%C3%A9patite"
KINDS = {
    "json": exchange(body=json.dumps({"q": TERM}).encode()),
    "escaped json": exchange(body=b'{"q":"h\\u00e9patite"}'),
    "base64 in a form": exchange(body=b"data=" + HIDDEN),
    "binary": exchange(body=b"\x00\x01\xff" + TERM.encode() + b"\xfe\x00"),
    "latin-1": exchange(body="q=hépatite".encode("latin-1")),
    "utf-16": exchange(body=TERM.encode("utf-16")),
    "query": with_request(method="GET", url=f"https://api.tracker.example/t?q={TYPED}&a="),
    "query as typed": with_request(url=f"https://api.tracker.example/t?q={TERM}"),
    "broken url": with_request(url=f"https://api.tracker.example/[?q={TYPED}\udcff"),
    "header": with_request(headers=(("Cookie", f"a=1; q={TYPED}"), ("X-Q", TERM), ("Empty", ""))),
    "answer": exchange(response=Response(200, (("A", "b"),), Body.of(TERM.encode()))),
    "stack": replace(exchange("proxy.example", body=HIDDEN), stack=MIXPANEL),
    "cut": exchange(body=Body(TERM.encode() + b" and", 999, "cut at 13")),
    "short": exchange(body=Body(TERM.encode(), 40)),
    "opaque": exchange(body=bytes(range(256)) * 8),
    "no answer": replace(exchange(body=TERM.encode()), response=None),
    "websocket": replace(
        with_request(method="SEND", url="wss://api.tracker.example/ws", body=Body.of(HIDDEN)),
        kind=Kind.WEBSOCKET,
    ),
    "datagram": replace(
        with_request(method="", url="udp://1.2.3.4:53/", body=Body.of(b"\x01" + TERM.encode())),
        kind=Kind.DATAGRAM,
        host="1.2.3.4",
    ),
    "look-up": replace(
        with_request(method="DNS", url="dns://cancer.example/", body=Body.of(b"cancer.example")),
        kind=Kind.DATAGRAM,
        host="cancer.example",
    ),
    "stream": replace(
        with_request(method="", url="tls://api.tracker.example:9/", body=Body.of(TERM.encode())),
        kind=Kind.STREAM,
    ),
    "ipv6": replace(
        with_request(url=f"https://[2001:db8::1]:8443/?q={TYPED}"), host="2001:db8::1", port=8443
    ),
}


def written(tmp_path: Path, of: ReportedRun) -> Path:
    path = tmp_path / "run.har"
    path.write_text("".join(document(of)), encoding="utf-8")
    return path


@pytest.mark.parametrize("what", KINDS.values(), ids=KINDS)
def test_an_exchange_comes_back_with_its_sightings(tmp_path: Path, what: Exchange) -> None:
    found = seen(what)
    assert found.scan.sightings or found.scan.unread or what is KINDS["look-up"]
    path = written(tmp_path, run(item(report(facts(found)), found)))
    (again,) = read_capture(path)
    assert isinstance(again, Exchange)
    assert replace(again, id=what.id, index=-1, source="") == what
    result = scan_file(path, Task((TERM,), first_party=("clinic.example",)))
    assert not result.faults
    scans = [(entry.scan, entry.recipient) for entry in result.entries]
    assert scans == [(found.scan, found.recipient)] * bool(found.scan != type(found.scan)())


def test_a_file_of_many_is_read_in_order(tmp_path: Path) -> None:
    all_seen = [seen(replace(each, id=name)) for name, each in KINDS.items()]
    path = written(tmp_path, run(item(report(facts(*all_seen)), *all_seen)))
    entries = json.loads(path.read_bytes())["log"]["entries"]
    assert [each["_leak"]["id"] for each in entries] == list(KINDS)
    result = scan_file(path, Task((TERM,), first_party=("clinic.example",)))
    assert [e.scan for e in result.entries] == [s.scan for s in all_seen if s.scan.sightings
                                                or s.scan.unread]  # fmt: skip


def test_what_was_redacted_is_never_a_pass(tmp_path: Path) -> None:
    found = seen(exchange(body=b'{"d":"redacted-0123456789abcdef"}'))
    of = run(item(report(facts(found)), found))
    (each,) = of.items
    taken = replace(each, exchanges=tuple(replace(one, whole=False) for one in each.exchanges))
    path = written(tmp_path, replace(of, items=(taken,)))
    (entry,) = json.loads(path.read_bytes())["log"]["entries"]
    assert entry["_leak"]["redacted"] is True
    assert entry["comment"] == "parts were taken out when it was stored"
    (blindness,) = scan_file(path, Task((TERM,))).entries
    assert blindness.scan.unread[0].reason == "parts were taken out when it was stored"


def handover(name: str) -> Exchange:
    return replace(
        with_request(method="logEvent", url="sdk-api:com.sdk", body=Body.of(TERM.encode())),
        id=name,
        kind=Kind.HANDOVER,
        seen_by=(Layer.SDK_API,),
        host="",
        package="com.sdk",
    )


def test_a_hand_over_is_written_where_it_is_a_finding(tmp_path: Path) -> None:
    found = seen(handover("h1"))
    leaked = report(facts(found))
    assert [each.exchange for each in leaked.judgement.findings] == ["h1"]
    path = written(tmp_path, run(item(leaked, found)))
    (entry,) = scan_file(path, Task((TERM,))).entries
    assert entry.scan == found.scan
    assert entry.recipient == found.recipient
    assert json.loads(written(tmp_path, run(item(passing(), found))).read_bytes())["log"][
        "entries"
    ] == []  # fmt: skip


def test_an_exchange_of_two_items_is_written_once(tmp_path: Path) -> None:
    late = seen(KINDS["json"])
    path = written(tmp_path, run(item(leaking(), late), item(blind(), late)))
    log = json.loads(path.read_bytes())["log"]
    assert [each["pageref"] for each in log["entries"]] == ["item_0"]
    assert [each["_leak"]["verdict"] for each in log["pages"]] == ["leak", "inconclusive"]


def test_mitmproxy_reads_it(tmp_path: Path) -> None:
    """A reader that we have not written; it knows HTTP only."""
    names = ("json", "binary", "query", "header", "base64 in a form")
    wanted = [seen(replace(KINDS[name], id=name)) for name in names]
    path = written(tmp_path, run(item(report(facts(*wanted)), *wanted)))
    with path.open("rb") as file:
        flows: list[Any] = list(FlowReader(file).stream())
    assert [flow.request.pretty_url for flow in flows] == [
        each.exchange.request.url for each in wanted
    ]
    assert flows[0].request.content == wanted[0].exchange.request.body.data
    assert flows[3].request.headers["x-q"] == TERM
    assert [flow.timestamp_start for flow in flows] == [each.exchange.started_s for each in wanted]


REQUIRED = {
    "": ("startedDateTime", "time", "request", "response", "cache", "timings"),
    "request": ("method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize",
                "bodySize"),
    "response": ("status", "statusText", "httpVersion", "cookies", "headers", "content",
                 "redirectURL", "headersSize", "bodySize"),
    "timings": ("send", "wait", "receive"),
}  # fmt: skip
"""Fields that HAR 1.2 does not call optional."""


@pytest.mark.parametrize("of", [three(), hostile(), run()], ids=["three", "hostile", "empty"])
def test_nothing_that_the_standard_demands_is_missing(of: ReportedRun) -> None:
    log = json.loads("".join(document(of)))["log"]
    assert {"version", "creator", "pages", "entries"} <= set(log)
    for entry in log["entries"]:
        for part, names in REQUIRED.items():
            assert set(names) <= set(entry[part] if part else entry)
        assert entry["pageref"] in {page["id"] for page in log["pages"]}


def test_a_first_party_search_is_no_finding(tmp_path: Path) -> None:
    search = seen(exchange(FIRST_PARTY, body=TERM.encode()))
    path = written(tmp_path, run(item(passing(), search)))
    (entry,) = scan_file(path, Task((TERM,), first_party=("clinic.example",))).entries
    assert entry.recipient.party.value == "first"


def test_an_unanswered_request_has_status_0() -> None:
    what = seen(replace(KINDS["no answer"], request=Request("GET", "https://a.example/")))
    text = "".join(document(run(item(passing(), what))))
    (entry,) = json.loads(text)["log"]["entries"]
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (0, "")
