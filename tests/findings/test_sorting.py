"""Sightings that are no proof, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.detection.sighting import Scan
from harness.findings.finding import Verdict
from harness.findings.verdict import judge
from harness.traffic.exchange import Kind
from tests.findings.building import (
    ENDED_S,
    FIRST_PARTY,
    TYPED_S,
    check,
    exchange,
    facts,
    rows,
    scanned,
    sighting,
)

LEAK, INCONCLUSIVE, PASS = Verdict.LEAK, Verdict.INCONCLUSIVE, Verdict.PASS


def test_received_bytes_are_a_note() -> None:
    received = scanned(None, sighting(part="response.body", location="response.body.json$.a"))
    judgement = judge(facts(received))
    assert judgement.verdict is PASS
    assert "came in an answer" in judgement.notes[0]


def early(**fields: Any) -> Any:
    return scanned(exchange(at_s=TYPED_S - 5, name="early"), **fields)


def test_sent_before_typing_is_a_note() -> None:
    judgement = judge(facts(early()))
    assert judgement.verdict is PASS
    assert judgement.notes[0].startswith("before_input: ")


@pytest.mark.parametrize(("before_s", "verdict"), [(1.0, LEAK), (1.001, PASS)])
def test_clocks_may_differ_by_a_second(before_s: float, verdict: Verdict) -> None:
    assert judge(facts(scanned(exchange(at_s=TYPED_S - before_s)))).verdict is verdict


def test_the_same_field_before_and_after_typing_is_not_distinctive() -> None:
    judgement = judge(facts(early(), scanned()))
    assert judgement.verdict is INCONCLUSIVE
    assert rows(judgement) == {"indistinct"}
    assert judgement.findings == ()


def test_another_field_or_recipient_after_typing_is_still_a_leak() -> None:
    other_field = scanned(None, sighting(location="body.json$.other"))
    assert judge(facts(early(), other_field)).verdict is LEAK
    assert judge(facts(early(), scanned(exchange("b.tracker.example")))).verdict is LEAK


def test_list_positions_do_not_make_another_field() -> None:
    first = replace(early(), scan=Scan((sighting(location="body.json$[0].q"),)))
    second = scanned(None, sighting(location="body.json$[17].q"))
    assert rows(judge(facts(first, second))) == {"indistinct"}


def test_a_field_that_an_earlier_answer_held_is_not_distinctive() -> None:
    answer = sighting(part="response.body", location="response.body.json$.query")
    assert rows(judge(facts(replace(early(), scan=Scan((answer,))), scanned()))) == {"indistinct"}


def test_an_answer_after_typing_does_not_excuse_a_sending() -> None:
    answer = sighting(part="response.body", location="response.body.json$.query")
    assert judge(facts(scanned(None, answer, sighting()))).verdict is LEAK


def test_indistinct_at_an_allowed_host_is_no_reason_but_no_control_either() -> None:
    before = scanned(exchange(FIRST_PARTY, at_s=TYPED_S - 5, path="/search", name="before"))
    assert rows(judge(facts(before))) == {"control"}


@pytest.mark.parametrize(
    ("fields", "late"),
    [({"kind": Kind.STREAM}, True), ({}, False)],
)
def test_a_stream_that_began_before_typing_may_carry_what_was_typed(
    fields: dict[str, Any], late: bool
) -> None:
    judgement = judge(facts(scanned(exchange(at_s=TYPED_S - 5, **fields))))
    assert (judgement.verdict is LEAK) is late


def test_a_grpc_call_that_began_before_typing_may_carry_what_was_typed() -> None:
    call = exchange(at_s=TYPED_S - 5)
    headers = (("Content-Type", "application/grpc+proto"),)
    call = replace(call, request=replace(call.request, headers=headers))
    assert judge(facts(scanned(call))).verdict is LEAK


def prefix(length: int, **fields: Any) -> Any:
    return scanned(exchange(name=f"p{length}", **fields), sighting(prefix=length, variant="prefix"))


def test_one_short_beginning_is_a_note() -> None:
    judgement = judge(facts(prefix(4)))
    assert judgement.verdict is PASS
    assert "too little to count" in judgement.notes[0]
    assert judge(facts(prefix(4), prefix(4))).verdict is PASS


def test_two_growing_beginnings_to_one_recipient_are_a_leak() -> None:
    judgement = judge(facts(prefix(4), prefix(5)))
    assert judgement.verdict is LEAK
    assert len(judgement.findings) == 2


def test_beginnings_shorter_than_min_prefix_do_not_count() -> None:
    assert judge(facts(prefix(4), prefix(5), check=check(min_prefix=5))).verdict is PASS
    assert judge(facts(prefix(5), prefix(6), check=check(min_prefix=5))).verdict is LEAK


def test_beginnings_to_one_domain_belong_together_but_not_to_two() -> None:
    one = replace(prefix(4), exchange=exchange("a.tracker.example", name="a"))
    assert judge(facts(one, prefix(5))).verdict is LEAK
    host = exchange("api.other.example", name="o")
    other = scanned(host, sighting(prefix=5), domain="other.test")
    assert judge(facts(prefix(4), other)).verdict is PASS


def test_without_a_domain_the_host_is_the_recipient() -> None:
    rows_ = [
        scanned(exchange("10.0.0.1", name=f"{n}"), sighting(prefix=n), domain=" ") for n in (4, 5)
    ]
    bare = [replace(each, recipient=replace(each.recipient, domain="")) for each in rows_]
    assert judge(facts(*bare)).verdict is LEAK


def test_all_but_the_last_character_is_a_leak() -> None:
    assert judge(facts(prefix(7))).verdict is LEAK
    assert judge(facts(prefix(6))).verdict is PASS
    decomposed = "he\u0301patite"
    beginning = scanned(None, sighting(decomposed, prefix=7))
    item = facts(beginning, term=decomposed, check=check(control={"off": "x"}))
    assert judge(item).verdict is LEAK


def test_beginnings_before_typing_or_received_do_not_count() -> None:
    assert judge(facts(prefix(4), prefix(5, at_s=TYPED_S - 5))).verdict is PASS
    answer = replace(prefix(5), scan=Scan((sighting(prefix=5, part="response.body"),)))
    assert judge(facts(prefix(4), answer)).verdict is PASS


def test_a_late_sending_is_judged_for_its_owner() -> None:
    judgement = judge(facts(scanned(exchange(at_s=ENDED_S + 100))))
    assert judgement.verdict is LEAK
    assert judgement.findings[0].late


def test_what_was_never_typed_is_no_leak_and_no_pass() -> None:
    judgement = judge(facts(scanned(), typed_s=None))
    assert judgement.verdict is INCONCLUSIVE
    assert judgement.findings == ()


@pytest.mark.parametrize(("after_s", "late"), [(0.0, False), (0.001, True)])
def test_late_is_after_the_end(after_s: float, late: bool) -> None:
    (finding,) = judge(facts(scanned(exchange(at_s=ENDED_S + after_s)))).findings
    assert finding.late is late
