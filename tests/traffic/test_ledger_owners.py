"""Whose an exchange is, and whose a sighting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.findings.coverage import Gap
from harness.findings.finding import Verdict
from harness.traffic.exchange import Exchange, Kind, Layer
from tests.findings.building import FIRST_PARTY, HOOKS, TRACKER, exchange
from tests.traffic.watching import Session

WITNESS = (Layer.WITNESS,)
A, B = "one[hépatite]", "two[cancer]"


def sent(
    what: str, at_s: float, host: str = TRACKER, seen_by: Any = HOOKS, **fields: Any
) -> Exchange:
    return exchange(
        host,
        at_s=at_s,
        body=what.encode(),
        seen_by=seen_by,
        name=f"{host}-{at_s}-{seen_by}",
        **fields,
    )


def search(term: str, at_s: float) -> Exchange:
    return sent(term, at_s, FIRST_PARTY)


def witnessed(of: Exchange) -> Exchange:
    return replace(of, id=f"w:{of.id}", seen_by=WITNESS, started_s=of.started_s + 0.1)


def judged(run: Session, item: str) -> tuple[Exchange, ...]:
    return tuple(each.exchange for each in run.ledger.facts(item).judged)


def two_items() -> Session:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    assert run.close(A, 1050).verdict is Verdict.PASS
    run.open(B, "cancer", 1100)
    run.ledger.add([search("cancer", 1112)])
    return run


def test_a_late_sending_is_judged_for_the_item_that_typed_it() -> None:
    run = two_items()
    run.ledger.add([sent("hépatite", 1120)])
    assert run.close(B, 1150).verdict is Verdict.PASS
    (revision,) = run.ledger.revisions()
    assert revision.item == A
    assert (revision.first.verdict, revision.now.verdict) == (Verdict.PASS, Verdict.LEAK)
    assert revision.now.findings[0].late


def test_a_batch_with_both_terms_leaks_for_both() -> None:
    run = two_items()
    run.ledger.add([sent("hépatite cancer", 1120)])
    judgement = run.close(B, 1150)
    assert [finding.sighting.term for finding in judgement.findings] == ["cancer"]
    (revision,) = run.ledger.revisions()
    assert [finding.sighting.term for finding in revision.now.findings] == ["hépatite"]


def test_what_comes_after_the_last_item_still_counts() -> None:
    run = two_items()
    run.close(B, 1150)
    run.ledger.add([sent("cancer", 1300)])
    (revision,) = run.ledger.revisions()
    assert revision.item == B
    assert revision.now.verdict is Verdict.LEAK


def test_a_term_seen_before_any_item_typed_it_is_noted_for_its_window() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012), sent("hépatite", 1005), sent("cancer", 1030)])
    judgement = run.close(A, 1050)
    assert judgement.verdict is Verdict.PASS
    assert judgement.notes[0].startswith("before_input")
    run.open(B, "cancer", 1100)
    run.ledger.add([search("cancer", 1112)])
    assert run.close(B, 1150).notes == ()


def test_a_second_attempt_owns_only_what_follows_its_own_typing() -> None:
    run = Session()
    run.open("try 1", "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.close("try 1", 1050)
    run.open("try 2", "hépatite", 1100)
    run.ledger.add([sent("hépatite", 1105), search("hépatite", 1112)])
    assert run.close("try 2", 1150).verdict is Verdict.PASS
    (revision,) = run.ledger.revisions()
    assert revision.item == "try 1"
    assert revision.now.verdict is Verdict.LEAK


def test_both_attempts_leak_for_themselves() -> None:
    run = Session()
    for name, at_s in (("try 1", 1000), ("try 2", 1100)):
        run.open(name, "hépatite", at_s)
        run.ledger.add([search("hépatite", at_s + 12), sent("hépatite", at_s + 13)])
        assert len(run.close(name, at_s + 50).findings) == 1
    assert run.ledger.revisions() == ()


def test_what_arrives_late_but_happened_in_time_revises_its_own_item() -> None:
    run = two_items()
    run.ledger.add([sent("hépatite", 1020)])
    run.close(B, 1150)
    (revision,) = run.ledger.revisions()
    assert revision.item == A
    assert not revision.now.findings[0].late
    hidden = replace(sent("x", 1021), id="cut")
    body = replace(hidden.request.body, unread="cut")
    run.ledger.add([replace(hidden, request=replace(hidden.request, body=body))])
    (revision,) = run.ledger.revisions()
    assert {reason.row for reason in revision.now.reasons} == {"sent", "unread-request"}


def test_an_exchange_outside_every_window_belongs_to_the_item_it_arrived_in() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    early = sent("x", 900)
    run.ledger.add([early])
    assert judged(run, A) == (early,)
    run.close(A, 1050)
    between = sent("y", 1070)
    run.ledger.add([between])
    assert judged(run, A) == (early, between)
    run.open(B, "cancer", 1100)
    later = sent("z", 1080)
    run.ledger.add([later])
    assert judged(run, B) == (later,)


def test_an_exchange_before_the_first_item_belongs_to_none() -> None:
    run = Session()
    run.ledger.add([sent("x", 900)])
    run.open(A, "hépatite", 1000)
    assert judged(run, A) == ()


def test_a_stream_that_began_before_typing_is_the_window_items() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012), sent("hépatite", 1001, kind=Kind.STREAM)])
    assert run.close(A, 1050).verdict is Verdict.LEAK
    never = Session()
    never.open(A, "hépatite", 1000, typed=False)
    never.ledger.add([sent("hépatite", 1001, kind=Kind.STREAM)])
    assert never.close(A, 1050).findings == ()


def test_a_sighting_that_came_before_any_item_is_nobodys() -> None:
    run = Session()
    run.ledger.add([sent("hépatite", 900)])
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    assert run.close(A, 1050).verdict is Verdict.PASS


def test_an_item_that_never_typed_owns_nothing_of_others() -> None:
    run = Session()
    run.open("try 1", "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.close("try 1", 1050)
    run.open("try 2", "hépatite", 1100, typed=False)
    run.ledger.add([sent("hépatite", 1120)])
    assert run.close("try 2", 1150).findings == ()
    (revision,) = run.ledger.revisions()
    assert (revision.item, revision.now.verdict) == ("try 1", Verdict.LEAK)


def test_a_stream_in_a_second_attempt_is_the_second_attempts() -> None:
    run = Session()
    run.open("try 1", "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.close("try 1", 1050)
    run.open("try 2", "hépatite", 1100)
    run.ledger.add([search("hépatite", 1112), sent("hépatite", 1101, kind=Kind.STREAM)])
    assert run.close("try 2", 1150).verdict is Verdict.LEAK
    assert run.ledger.revisions() == ()


@pytest.mark.parametrize(
    ("at_s", "owner"), [(1109.0, "try 2"), (1108.9, "try 1"), (1100.0, "try 1"), (1050.0, "try 1")]
)
def test_the_last_typing_before_a_sighting_owns_it(at_s: float, owner: str) -> None:
    run = Session()
    for name, start_s in (("try 1", 1000), ("try 2", 1100)):
        run.open(name, "hépatite", start_s)
        run.ledger.add([search("hépatite", start_s + 12)])
        run.close(name, start_s + 50)
    run.ledger.add([sent("hépatite", at_s)])
    assert [revision.item for revision in run.ledger.revisions()] == [owner]


def test_the_slack_never_reaches_behind_the_items_own_start() -> None:
    run = Session()
    run.open("try 1", "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.close("try 1", 1050)
    run.open("try 2", "hépatite", 1100, typed=False)
    run.ledger.typing("try 2", 1100.2)
    run.ledger.add([search("hépatite", 1112), sent("hépatite", 1099.9)])
    assert run.close("try 2", 1150).verdict is Verdict.PASS
    run.ledger.add([sent("hépatite", 1100.0, "b.tracker.example")])
    assert [revision.item for revision in run.ledger.revisions()] == ["try 1", "try 2"]


@pytest.mark.parametrize(("at_s", "owner"), [(1000.0, A), (1050.0, A), (1050.1, B), (999.9, B)])
def test_both_ends_belong_to_the_window(at_s: float, owner: str) -> None:
    run = two_items()
    run.ledger.add([sent("x", at_s)])
    run.ledger.add_witness([], gaps=[Gap("p.example", "x", at_s)])
    hosts = {item: TRACKER in [each.host for each in judged(run, item)] for item in (A, B)}
    assert hosts == {A: owner == A, B: owner == B}
    assert [bool(run.ledger.facts(item).coverage.unexplained) for item in (A, B)] == [
        owner == A,
        owner == B,
    ]


def test_what_claims_a_time_to_come_stays_with_the_item_it_arrived_in() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([sent("x", 1120)])
    run.close(A, 1050)
    run.open(B, "cancer", 1100)
    assert [each.host for each in judged(run, A)] == [TRACKER]
    assert judged(run, B) == ()
