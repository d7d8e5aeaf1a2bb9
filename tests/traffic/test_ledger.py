"""Whose an exchange is, and what that means for each item of a session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.device.facts import AppFile
from harness.errors import BugError
from harness.findings.coverage import Gap
from harness.findings.finding import FindingKind, Verdict
from harness.traffic.exchange import Body, Exchange, Layer, Response
from tests.findings.building import FIRST_PARTY, HOOKS, PACKAGE, TRACKER, exchange
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


def test_a_witness_that_saw_nothing_proves_nothing() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.ledger.add_witness([])
    assert {reason.row for reason in run.close(A, 1050).reasons} == {"layer"}


def two_items() -> Session:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    assert run.close(A, 1050).verdict is Verdict.PASS
    run.open(B, "cancer", 1100)
    run.ledger.add([search("cancer", 1112)])
    return run


def test_an_answer_in_a_later_window_is_nothing_that_was_sent_late() -> None:
    """A page that names the word, loaded again for the next item before anybody watched it."""
    run = two_items()
    page = Response(200, body=Body.of("beliebt: hépatite".encode()))
    unseen = sent("", 1102, FIRST_PARTY, WITNESS, response=page)
    run.ledger.add_witness([witnessed(search("hépatite", 1012)), unseen])
    assert unseen not in judged(run, A)
    assert unseen in judged(run, B)
    assert [each.now.verdict for each in run.ledger.revisions()] == [Verdict.PASS]


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


def file_with(text: str, name: str = "shared_prefs/x.xml") -> AppFile:
    return AppFile(f"/data/data/{PACKAGE}/{name}", 0, text.encode())


def test_a_term_that_waits_in_a_file_is_no_pass() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.ledger.add_files([file_with("q=hépatite")], PACKAGE)
    judgement = run.close(A, 1050)
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert [reason.row for reason in judgement.reasons] == ["queued"]
    assert "shared_prefs/x.xml" in judgement.reasons[0].detail


def test_what_an_earlier_item_left_waiting_counts_for_that_item() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    assert run.close(A, 1050).verdict is Verdict.PASS
    run.open(B, "cancer", 1100)
    run.ledger.add([search("cancer", 1112)])
    run.ledger.add_files([file_with("q=hépatite")], PACKAGE)
    assert run.close(B, 1150).verdict is Verdict.PASS
    (revision,) = run.ledger.revisions()
    assert (revision.item, revision.now.verdict) == (A, Verdict.INCONCLUSIVE)


def test_a_term_that_nobody_typed_waits_for_nobody() -> None:
    run = Session()
    run.open(A, "hépatite", 1000)
    run.ledger.add([search("hépatite", 1012)])
    run.ledger.add_files([file_with("q=cancer")], PACKAGE)
    assert run.close(A, 1050).verdict is Verdict.PASS
