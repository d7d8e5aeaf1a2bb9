"""The hooks must have seen the term where it had to go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.detection.sighting import Scan
from harness.findings.coverage import LayerState
from harness.findings.expectations import Control, LeakCheck
from harness.findings.finding import Verdict
from harness.findings.verdict import judge
from harness.traffic.exchange import Kind, Layer
from tests.findings.building import (
    COVERAGE,
    FIRST_PARTY,
    LAYERS,
    TRACKER,
    TYPED_S,
    alone,
    check,
    control,
    exchange,
    facts,
    rows,
    scanned,
    sighting,
)

LEAK, INCONCLUSIVE, PASS = Verdict.LEAK, Verdict.INCONCLUSIVE, Verdict.PASS


def test_a_missing_control_is_inconclusive() -> None:
    judgement = judge(alone())
    assert rows(judgement) == {"control"}
    assert "any allowed host" in judgement.reasons[0].detail
    named = judge(alone(check=check(control=["a.clinic.example", "b.clinic.example"])))
    assert "a.clinic.example or b.clinic.example" in named.reasons[0].detail


@pytest.mark.parametrize(
    "what",
    [
        control(seen_by=(Layer.WITNESS,)),
        replace(control(), scan=Scan((sighting(part="response.body"),))),
        replace(control(), scan=Scan((sighting(prefix=7),))),
        replace(control(), scan=Scan((sighting("cancer"),))),
        scanned(exchange(FIRST_PARTY, at_s=TYPED_S - 5)),
        scanned(exchange(FIRST_PARTY, kind=Kind.HANDOVER, seen_by=(Layer.IPC,))),
        scanned(exchange("other.clinic.test")),
    ],
)
def test_what_is_no_control(what: Any) -> None:
    assert "control" in rows(judge(alone(what)))


def test_a_control_that_only_the_witness_saw_says_so() -> None:
    judgement = judge(alone(control(seen_by=(Layer.WITNESS,))))
    assert "only the witness did" in judgement.reasons[-1].detail
    assert "only the witness" not in judge(alone()).reasons[-1].detail


def test_a_named_control_must_be_reached_itself() -> None:
    other = check("clinic.example", control="shop.clinic.example")
    assert rows(judge(facts(check=other))) == {"control"}
    assert judge(facts(check=check(control=FIRST_PARTY))).verdict is PASS


def test_a_control_host_that_is_not_allowed_proves_and_leaks() -> None:
    judgement = judge(facts(check=check("shop.example", control=FIRST_PARTY)))
    assert rows(judgement) == {"sent"}


def test_control_off_needs_a_canary_in_every_hook_layer() -> None:
    off = check(control={"off": "local search"})
    judgement = judge(alone(check=off))
    assert rows(judgement) == {"control"}
    assert len(judgement.reasons) == 2
    assert "no positive control: local search" in judgement.notes
    canaries = tuple(replace(state, canary=True) for state in LAYERS[:2])
    proved = replace(COVERAGE, layers=(*canaries, LAYERS[2]))
    assert judge(alone(check=off, coverage=proved)).verdict is PASS
    unused = LayerState(Layer.WEBVIEW, True, in_use=False)
    more = replace(COVERAGE, layers=(*canaries, unused))
    assert judge(alone(check=off, coverage=more)).verdict is PASS


def test_an_asserted_receiver_must_get_the_term() -> None:
    assert rows(judge(facts(asserted_leaks=(TRACKER,)))) == {"asserted"}
    assert rows(judge(facts(scanned(), asserted_leaks=("Tracker.Example",)))) == {"sent"}
    by_witness = scanned(exchange(seen_by=(Layer.WITNESS,)))
    assert "asserted" in rows(judge(facts(by_witness, asserted_leaks=(TRACKER,))))
    assert judge(facts(asserted_leaks=(FIRST_PARTY,))).verdict is PASS


def test_nothing_allowed_is_inconclusive() -> None:
    judgement = judge(alone(check=LeakCheck()))
    assert rows(judgement) == {"nothing-allowed"}
    assert judge(alone(scanned(), check=LeakCheck())).verdict is LEAK
    named = LeakCheck(control=Control((FIRST_PARTY,)))
    assert rows(judge(alone(check=named))) == {"control"}
