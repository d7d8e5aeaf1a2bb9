"""Rows of exchanges: what is shown, what is cut, and the proof byte by byte."""

from __future__ import annotations

from dataclasses import replace

from harness.detection.engine import Engine
from harness.report.html.exchanges import CUT, Rows, cut, request_text
from harness.report.run import Sent
from harness.traffic.exchange import Body, Exchange, Kind, Response
from tests.findings.building import TERM, TYPED_S, exchange, scanned
from tests.report.test_har import HIDDEN, KINDS, handover, seen

ENGINE = Engine([TERM])


def sent(what: Exchange, **fields: bool) -> Sent:
    found = seen(what)
    return Sent(found.exchange, found.recipient, found.scan, **fields)


def rows(**marks: str) -> Rows:
    return Rows(ENGINE, marks, TYPED_S)


def test_an_exchange_with_a_term_is_proved_step_by_step() -> None:
    what = replace(KINDS["base64 in a form"], id="x")
    row = rows(x="finding").row(sent(what), "x0-0")
    assert (row.mark, row.terms, row.after_s) == ("finding", (TERM,), 2.0)
    (proof,) = row.proofs
    assert proof.decoding[-1:] == ("base64",) or "base64" in proof.decoding
    assert any("base64: bytes" in line for line in proof.steps)
    assert any(f"⟦{TERM}⟧" in line for line in proof.steps) or TERM in proof.steps[-1]
    assert HIDDEN.decode() in row.request
    assert row.frames == ("com.tracker.Sender.send(Sender.java:1)",)


def test_what_was_redacted_cannot_be_replayed_and_says_so() -> None:
    row = rows().row(sent(KINDS["base64 in a form"], whole=False), "x0-0")
    assert row.redacted
    assert [proof.steps for proof in row.proofs] == [()]
    assert row.proofs[0].span.startswith("bytes ")


def test_one_without_an_anchor_is_told_in_brief() -> None:
    what = exchange(body=b'{"a":"' + b"b" * 5000 + b'"}', path="/track?" + "c" * 500)
    row = rows().row(sent(what))
    assert len(row.request) < 600
    assert row.request.count(CUT) == 2
    assert row.path.endswith(CUT)
    assert (row.frames, row.proofs, row.mark) == ((), (), "")


def test_what_could_not_be_read_is_told() -> None:
    row = rows().row(sent(exchange(body=Body(b"abc", 9, "cut at 3"))))
    assert row.unread == ("body: cut at 3",)


def test_bytes_that_are_no_text_are_spelled() -> None:
    assert request_text(exchange(body=b"\xff\xfe"), 1000).endswith("\\xff\\xfe")
    huge = request_text(exchange(body=b"\xff" * 100_000), 1000)
    assert huge.endswith(CUT)
    assert len(huge) < 1200
    assert cut("abc", 3) == "abc"


def test_a_hand_over_names_the_package() -> None:
    row = rows().row(sent(handover("h")), "x0-0")
    assert (row.host, row.path, row.method, row.handed) == ("com.sdk", "", "logEvent", True)
    datagram = replace(exchange(), kind=Kind.DATAGRAM)
    nameless = replace(datagram, request=replace(datagram.request, method=""))
    assert rows().row(sent(nameless)).method == "datagram"


def test_a_term_in_an_answer_is_a_note() -> None:
    what = exchange(response=Response(200, (), Body.of(TERM.encode())))
    row = rows().row(sent(what), "x0-0")
    assert (row.mark, row.proofs, row.status) == ("note", (), "200")


def test_the_sighting_of_another_engine_has_no_steps() -> None:
    found = scanned(exchange(body=b"nothing"))
    row = rows().row(Sent(found.exchange, found.recipient, found.scan), "x0-0")
    assert [proof.steps for proof in row.proofs] == [()]
