"""Whose an exchange is, and what that means for each item of a session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.errors import BugError
from harness.findings.coverage import Gap
from harness.findings.finding import FindingKind, Verdict
from harness.traffic.exchange import Exchange, Kind, Layer
from tests.findings.building import FIRST_PARTY, HOOKS, TRACKER, exchange
from tests.traffic.watching import DictCatalogue, Sdk, Session

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


def test_an_item_whose_term_went_to_the_first_party_passes() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    judgement = run.close(A, 1050)
    assert judgement.verdict is Verdict.PASS
    assert run.ledger.revisions() == ()
    assert judged(run, A) == (search("hépatite", 1012),)


def test_a_leak_that_both_views_saw_is_one_finding() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    leak = sent("hépatite", 1013)
    run.ledger.add([search("hépatite", 1012), leak])
    run.ledger.add_witness([witnessed(search("hépatite", 1012)), witnessed(leak)])
    judgement = run.close(A, 1050)
    assert judgement.verdict is Verdict.LEAK
    (finding,) = judgement.findings
    assert finding.seen_by == (*HOOKS, Layer.WITNESS)
    assert {reason.row for reason in judgement.reasons} == {"sent"}


def test_what_only_the_witness_saw_is_a_gap() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.ledger.add_witness(
        [witnessed(search("hépatite", 1012)), sent("nothing", 1013, seen_by=WITNESS)]
    )
    judgement = run.close(A, 1050)
    assert {reason.row for reason in judgement.reasons} == {"hook-gap"}
    assert len(run.ledger.facts(A).coverage.hook_gaps) == 1


def test_the_same_request_twice_and_one_record_leaves_one_gap() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    first, second = search("hépatite", 1012), search("hépatite", 1013)
    run.ledger.add([first])
    run.ledger.add_witness([witnessed(first), witnessed(second)])
    assert run.close(A, 1050).verdict is Verdict.INCONCLUSIVE


def test_a_witness_that_is_down_or_saw_nothing_is_no_proof() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.ledger.add_witness([], down="the proxy ended")
    judgement = run.close(A, 1050)
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert "the proxy ended" in judgement.reasons[0].detail
    run.ledger.add_witness([witnessed(search("hépatite", 1012))])
    (revision,) = run.ledger.revisions()
    assert revision.now.verdict is Verdict.PASS


def test_connections_the_witness_could_not_read_belong_to_the_item_of_their_time() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    in_time, later = Gap("p.example", "tls-failed", 1020.0), Gap("q.example", "x", 1080.0)
    undated = Gap("r.example", "y")
    run.ledger.add_witness([witnessed(search("hépatite", 1012))], gaps=[in_time, undated])
    assert run.close(A, 1050).verdict is Verdict.INCONCLUSIVE
    assert run.ledger.facts(A).coverage.unexplained == (undated, in_time)
    run.ledger.add_witness([], gaps=[in_time, undated, later])
    assert run.ledger.facts(A).coverage.unexplained == (undated, in_time, later)
    run.open(B, "cancer", 1100)
    again = Gap("p.example", "tls-failed", 1120.0)
    run.ledger.add_witness([], gaps=[in_time, undated, later, again])
    assert run.ledger.facts(B).coverage.unexplained == (again,)


def test_each_exchange_is_scanned_once_however_often_it_is_reported() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    for _ in range(3):
        run.ledger.add([search("hépatite", 1012), sent("x", 1014)])
        run.ledger.facts(A)
    run.close(A, 1050)
    run.ledger.revisions()
    assert len(run.scanner.scanned) == 2


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


def test_only_the_first_moment_of_typing_counts() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.typing(A, 1040)
    assert run.ledger.facts(A).typed_s == 1010


def test_facts_of_an_open_item_end_with_what_was_seen_last() -> None:
    run = Session()
    run.open(A, "hépatite", 1000, typed=False)
    assert run.ledger.facts(A).ended_s == 1000
    run.ledger.typing(A, 1010)
    assert run.ledger.facts(A).ended_s == 1010
    run.ledger.add([sent("x", 1020)])
    facts = run.ledger.facts(A)
    assert facts.ended_s == 1020
    assert not facts.typing_confirmed
    assert facts.item == A
    assert facts.other_terms == ()


def test_other_terms_are_those_of_other_items() -> None:
    assert two_items().ledger.facts(B).other_terms == ("hépatite",)


def test_a_proxying_host_is_named_after_the_catalogue() -> None:
    run = Session(catalogue=DictCatalogue({"mixpanel": Sdk("Mixpanel", "batched")}))
    run.attributor.proxying = {"/mp": "mixpanel", "/zz": "zz"}
    run.open(A, "hépatite", 1000)
    run.ledger.add(
        [
            search("hépatite", 1012),
            sent("hépatite", 1013, FIRST_PARTY, path="/mp"),
            sent("hépatite", 1014, FIRST_PARTY, path="/zz"),
        ]
    )
    judgement = run.close(A, 1050)
    assert {finding.kind for finding in judgement.findings} == {FindingKind.PROXIED}
    details = " ".join(reason.detail for reason in judgement.reasons)
    assert "on behalf of Mixpanel" in details
    assert "on behalf of zz" in details
    assert [each.proxied_why for each in run.ledger.facts(A).judged] == ["", "test", "test"]


@pytest.mark.parametrize(
    ("delivery", "verdict"), [("batched", Verdict.INCONCLUSIVE), ("immediate", Verdict.PASS)]
)
def test_a_batching_sdk_that_fell_silent_is_inconclusive(delivery: str, verdict: Verdict) -> None:
    run = Session(catalogue=DictCatalogue({"mixpanel": Sdk("Mixpanel", delivery)}))
    run.attributor.sdks = {TRACKER: "mixpanel"}
    run.open(A, "hépatite", 1000)
    run.ledger.add([sent("start", 1005), search("hépatite", 1012)])
    assert run.close(A, 1050).verdict is verdict
    run.ledger.add([sent("event", 1030)])
    assert run.ledger.facts(A).coverage.silent_batchers == ()


def test_misuse_is_our_bug() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    with pytest.raises(BugError, match="opened twice"):
        run.open(A, "hépatite", 1001)
    for call in (
        lambda: run.ledger.typing("?", 0.0),
        lambda: run.close("?", 0.0),
        lambda: run.ledger.facts("?"),
    ):
        with pytest.raises(BugError, match="never opened"):
            call()


def test_a_witness_that_saw_nothing_proves_nothing() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.ledger.add_witness([])
    assert {reason.row for reason in run.close(A, 1050).reasons} == {"layer"}


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
