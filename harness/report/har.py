"""A run as HTTP Archive 1.2 (w3c.github.io/web-performance, HAR): each exchange an entry.

Input: a run. Output: JSON, piece by piece. Items are pages. Bodies stand as they travelled (content
coding not removed), binary ones as base64, so that byte ranges of sightings hold. `_leak` of an
entry has what the standard has no place for (`harness.traffic.har_note`), with recipient and
sightings; `leak-harness scan` reads all of it back. `_tweasel` has the run's facts in tweasel's
metadata format 1.0 (github.com/tweaselORG/cyanoacrylate, `TweaselHarMetaV1`).

No durations are measured: times are 0. What was handed to another program on the device is no
traffic and is left out, unless it is a finding or something in it could not be read.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harness.findings.finding import Verdict
from harness.report.har_log import head, page
from harness.report.moments import iso
from harness.report.run import ReportedItem, ReportedRun, Sent
from harness.traffic.exchange import Body, Exchange, Header, Kind, Request, Response
from harness.traffic.har import BINARY_SIGNS
from harness.traffic.har_note import NOTE, REDACTED, note_of

Json = dict[str, Any]


def document(run: ReportedRun) -> Iterator[str]:
    """The whole archive."""
    log = head(run) | {"pages": [page(item, number) for number, item in enumerate(run.items)]}
    opening = json.dumps({"log": log}, ensure_ascii=True)
    yield opening.removesuffix("}}") + ', "entries": ['
    mark = "\n"
    for entry in _entries(run):
        yield mark + json.dumps(entry, ensure_ascii=True)
        mark = ",\n"
    yield "\n]}}\n"


def _entries(run: ReportedRun) -> Iterator[Json]:
    """An exchange that two items share (it was sent late) is written once."""
    written: set[tuple[str, str, float]] = set()
    for number, item in enumerate(run.items):
        findings = {each.exchange for each in item.report.judgement.findings}
        for sent in item.exchanges:
            exchange = sent.exchange
            key = (exchange.id, exchange.host, exchange.started_s)
            if key not in written and _belongs(item, sent, findings):
                written.add(key)
                yield entry_of(sent) | {"pageref": f"item_{number}"}


def _belongs(item: ReportedItem, sent: Sent, findings: set[str]) -> bool:
    if sent.exchange.kind is not Kind.HANDOVER or sent.exchange.id in findings:
        return True
    return item.report.verdict is not Verdict.PASS and bool(sent.scan.unread)


def entry_of(sent: Sent) -> Json:
    """One entry."""
    exchange, scan, recipient = sent.exchange, sent.scan, sent.recipient
    entry: Json = {
        "startedDateTime": iso(exchange.started_s),
        "time": 0,
        "request": _request(exchange.request),
        "response": _response(exchange.response),
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        NOTE: note_of(exchange, whole=sent.whole)
        | {
            "recipient": recipient.brief(),
            "sightings": [asdict(each) for each in scan.sightings],
            "identifiers": [asdict(each) for each in scan.identifiers],
            "unread": [asdict(each) for each in scan.unread],
        },
    }
    remark = _remark(exchange, whole=sent.whole)
    return entry | ({"comment": remark} if remark else {})


def _remark(exchange: Exchange, *, whole: bool) -> str:
    """For people who read the file in another program."""
    texts = [] if whole else [REDACTED]
    if exchange.kind is not Kind.HTTP:
        texts.append(f"{exchange.kind.value}, not HTTP")
    if exchange.request.body.unread:
        texts.append(f"request body: {exchange.request.body.unread}")
    return "; ".join(texts)


def _request(request: Request) -> Json:
    fields: Json = {
        "method": request.method,
        "url": request.url,
        "httpVersion": request.http_version,
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": _query(request.url),
        "headersSize": -1,
        "bodySize": request.body.size_bytes,
    }
    if request.body.data:
        text, encoding = _text(request.body)
        fields["postData"] = {"mimeType": _type(request.headers), "params": [], "text": text}
        if encoding:
            fields["postData"]["_encoding"] = encoding
    return fields


def _response(response: Response | None) -> Json:
    """The standard demands one; status 0 is what browsers write where there was none."""
    response = response or Response(0)
    known = response.status in {each.value for each in HTTPStatus}
    content: Json = {
        "size": response.body.size_bytes,
        "mimeType": _type(response.headers),
    }
    if response.body.data:
        text, encoding = _text(response.body)
        content["text"] = text
        if encoding:
            content["encoding"] = encoding
    return {
        "status": response.status,
        "statusText": HTTPStatus(response.status).phrase if known else "",
        "httpVersion": response.http_version,
        "cookies": [],
        "headers": _headers(response.headers),
        "content": content,
        "redirectURL": _value(response.headers, "location"),
        "headersSize": -1,
        "bodySize": response.body.size_bytes,
    }


def _headers(headers: tuple[Header, ...]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]


def _query(url: str) -> list[Json]:
    try:
        query = urlsplit(url).query
        pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    except ValueError:  # an app may send what is no URL; it stands in `url` all the same
        return []
    return [{"name": name, "value": value} for name, value in pairs]


def _text(body: Body) -> tuple[str, str]:
    """The body and its encoding, so that the bytes come out again as they were."""
    try:
        text = body.data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and BINARY_SIGNS.isdisjoint(text):
        return text, ""
    return b64encode(body.data).decode("ascii"), "base64"


def _type(headers: tuple[Header, ...]) -> str:
    return _value(headers, "content-type") or "application/octet-stream"


def _value(headers: tuple[Header, ...], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")
