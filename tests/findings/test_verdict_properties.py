"""What holds for any facts: blindness never helps, proof always counts, order never matters."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.detection.sighting import Unread
from harness.findings.coverage import Gap, LayerState, ProcessState, Queued
from harness.findings.facts import ItemFacts, ScannedExchange
from harness.findings.finding import Verdict
from harness.findings.verdict import judge
from harness.traffic.exchange import Kind, Layer
from tests.findings.building import (
    COVERAGE,
    FIRST_PARTY,
    LAYERS,
    TERM,
    TRACKER,
    TYPED_S,
    control,
    exchange,
    facts,
    scanned,
    sighting,
    silent,
)

hosts = st.sampled_from(
    [FIRST_PARTY, TRACKER, "clinic.example", "b.tracker.example", "", "10.0.0.1"]
)
times = st.floats(TYPED_S - 20, TYPED_S + 60, allow_nan=False)
seen = st.sampled_from(
    [(Layer.WITNESS,), (Layer.JAVA_HTTP,), (Layer.JAVA_HTTP, Layer.WITNESS), (Layer.IPC,)]
)
sightings = st.builds(
    sighting,
    st.sampled_from([TERM, "cancer"]),
    prefix=st.sampled_from([0, 0, 4, 5, 7]),
    location=st.sampled_from(["body.json$.q", "url.query[q]"]),
    part=st.sampled_from(["body", "url", "response.body"]),
)


@st.composite
def exchanges(draw: Any) -> ScannedExchange:
    what = exchange(
        draw(hosts),
        at_s=draw(times),
        seen_by=draw(seen),
        scheme=draw(st.sampled_from(["https", "http"])),
        kind=draw(st.sampled_from([Kind.HTTP, Kind.STREAM])),
        name=str(draw(st.integers(0, 10**9))),
    )
    found = draw(st.lists(sightings, max_size=2))
    unread = draw(st.sampled_from([(), (Unread("body", "cut"),), (Unread("response.body", "x"),)]))
    base = scanned(what, *found, unread=unread) if found else silent(what, unread=unread)
    return replace(base, proxied_by=draw(st.sampled_from(["", "", "Mixpanel"])))


@st.composite
def items(draw: Any) -> ItemFacts:
    judged = draw(st.lists(exchanges(), max_size=5))
    if draw(st.booleans()):
        judged.append(control())
    return facts(judged=tuple(judged))


BLINDNESS: tuple[dict[str, Any], ...] = (
    {"lost": 3},
    {"detached": "gone"},
    {"errors": ("boom",)},
    {"queued": (Queued("events.db"),)},
    {"silent_batchers": ("Mixpanel",)},
    {"unexplained": (Gap("", "quic"),)},
    {"unread": (Gap("", "cut"),)},
    {"hook_gaps": (Gap("x.example", ""),)},
    {"processes": (ProcessState("p:remote", False),)},
    {"layers": (*LAYERS[:1], LayerState(Layer.TLS, False), LAYERS[2])},
)
OF_THE_ITEM: tuple[dict[str, Any], ...] = (
    {"typing_confirmed": False},
    {"typed_s": None},
    {"failed_steps": ("x",)},
    {"crashed": "x"},
    {"asserted_leaks": ("nobody.example",)},
)


@given(items(), st.sampled_from(BLINDNESS))
def test_blindness_never_makes_a_pass_and_never_hides_a_leak(
    item: ItemFacts, blind: dict[str, Any]
) -> None:
    before = judge(item).verdict
    after = judge(replace(item, coverage=replace(item.coverage, **blind))).verdict
    assert after is not Verdict.PASS
    assert after.rank >= before.rank


@given(items(), st.sampled_from(OF_THE_ITEM))
def test_a_broken_item_never_passes(item: ItemFacts, broken: dict[str, Any]) -> None:
    assert judge(replace(item, **broken)).verdict is not Verdict.PASS


@given(items(), st.sampled_from(["nobody.example", "b.nobody.example", "192.0.2.1"]))
def test_a_whole_term_at_a_host_that_is_not_allowed_is_always_a_leak(
    item: ItemFacts, host: str
) -> None:
    extra = scanned(exchange(host, name="extra"))
    more = judge(replace(item, judged=(*item.judged, extra)))
    assert more.verdict is Verdict.LEAK
    assert any(finding.exchange == "extra" for finding in more.findings)


@given(items(), st.lists(st.sampled_from(range(len(LAYERS))), unique=True))
def test_taking_coverage_away_never_makes_a_pass(item: ItemFacts, gone: list[int]) -> None:
    before = judge(item).verdict
    left = tuple(
        replace(state, installed=False, proved=False) if index in gone else state
        for index, state in enumerate(LAYERS)
    )
    after = judge(replace(item, coverage=replace(COVERAGE, layers=left))).verdict
    assert after.rank >= before.rank
    none = judge(replace(item, coverage=replace(COVERAGE, layers=()))).verdict
    assert none is not Verdict.PASS


@given(items(), st.randoms(use_true_random=False))
def test_the_order_of_exchanges_does_not_matter(item: ItemFacts, chance: random.Random) -> None:
    shuffled = list(item.judged)
    chance.shuffle(shuffled)
    assert judge(replace(item, judged=tuple(shuffled))) == judge(item)


@given(items())
def test_taking_exchanges_away_never_makes_a_pass_of_nothing(item: ItemFacts) -> None:
    assert judge(replace(item, judged=())).verdict is Verdict.INCONCLUSIVE


@given(items())
def test_a_leak_has_findings_and_a_pass_has_none(item: ItemFacts) -> None:
    judgement = judge(item)
    assert (judgement.verdict is Verdict.LEAK) == bool(judgement.findings)
