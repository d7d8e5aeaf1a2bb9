"""What could not be seen makes a pass impossible, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from harness.detection.sighting import Unread
from harness.findings.coverage import Gap, LayerState, ProcessState, Queued
from harness.findings.expectations import LeakCheck
from harness.findings.finding import Judgement, Verdict
from harness.findings.verdict import judge
from harness.traffic.exchange import Body, Kind, Layer
from tests.findings.building import (
    COVERAGE,
    ENDED_S,
    FIRST_PARTY,
    LAYERS,
    PACKAGE,
    PAST,
    TRACKER,
    TYPED_S,
    check,
    exchange,
    facts,
    rows,
    silent,
    verdict_with,
    waived,
)

LEAK, INCONCLUSIVE, PASS = Verdict.LEAK, Verdict.INCONCLUSIVE, Verdict.PASS


def test_queued_is_inconclusive() -> None:
    judgement = verdict_with(queued=(Queued("databases/events.db", "raw"),))
    assert judgement.verdict is INCONCLUSIVE
    assert "queued, not sent: databases/events.db (raw)" in judgement.reasons[0].detail
    assert "settleMs" in judgement.reasons[0].action


def test_a_silent_batching_sdk_is_inconclusive() -> None:
    judgement = verdict_with(silent_batchers=("Mixpanel",))
    assert rows(judgement) == {"silent-batcher"}
    assert judgement.verdict is INCONCLUSIVE


def unread(host: str = TRACKER, **fields: Any) -> Any:
    return silent(exchange(host, **fields), unread=(Unread("body", "one-shot body"),))


def test_an_unread_request_at_a_host_that_is_not_allowed_is_inconclusive() -> None:
    judgement = judge(facts(unread()))
    assert judgement.verdict is INCONCLUSIVE
    assert judgement.reasons[0].detail == (
        f"a request to {TRACKER} could not be read (body: one-shot body)"
    )
    assert "leakCheck.blind" in judgement.reasons[0].action


def test_an_unread_body_counts_even_if_the_scanner_does_not_mention_it() -> None:
    cut = exchange(body=Body(b"x", 9, "cut at 1"))
    assert rows(judge(facts(silent(cut)))) == {"unread-request"}
    said = silent(cut, unread=(Unread("body", "zip"),))
    (reason,) = judge(facts(said)).reasons
    assert "body: zip" in reason.detail


def test_an_unread_request_is_a_note_where_it_cannot_matter() -> None:
    at_allowed = judge(facts(unread(FIRST_PARTY)))
    assert at_allowed.verdict is PASS
    assert at_allowed.notes == (
        f"a request to {FIRST_PARTY} could not be read (body: one-shot body); the host is allowed",
    )
    waived_ = judge(facts(unread(), check=waived(TRACKER)))
    assert waived_.verdict is PASS
    assert "waived until 2100-01-01: known" in waived_.notes[0]
    assert judge(facts(unread(), check=waived(TRACKER, PAST))).verdict is INCONCLUSIVE
    assert judge(facts(unread(), check=waived("other.example"))).verdict is INCONCLUSIVE
    assert judge(facts(unread(at_s=TYPED_S - 5))).verdict is PASS
    response = silent(exchange(), unread=(Unread("response.body", "cut"),))
    assert judge(facts(response)).verdict is PASS


def test_an_unread_request_after_the_end_that_is_nobody_elses_counts() -> None:
    assert judge(facts(unread(at_s=ENDED_S + 1))).verdict is INCONCLUSIVE


def test_an_unread_stream_counts_whenever_it_began() -> None:
    assert judge(facts(unread(at_s=TYPED_S - 5, kind=Kind.STREAM))).verdict is INCONCLUSIVE


def test_the_waivers_last_day_is_the_day_of_the_run() -> None:
    day = facts().day
    assert judge(facts(unread(), check=waived(TRACKER, day))).verdict is PASS
    before = date.fromordinal(day.toordinal() - 1)
    assert judge(facts(unread(), check=waived(TRACKER, before))).verdict is INCONCLUSIVE


def test_unread_requests_in_the_coverage_count_once() -> None:
    gap = Gap(TRACKER, "body: one-shot body", exchange().started_s)
    listed = replace(COVERAGE, unread=(gap,))
    judgement = judge(facts(unread(), coverage=listed))
    assert len(judgement.reasons) == 1
    alone = judge(facts(coverage=listed))
    assert alone.verdict is INCONCLUSIVE
    assert alone.reasons[0].detail == (
        f"traffic to {TRACKER} could not be read (body: one-shot body)"
    )


@pytest.mark.parametrize(
    ("gap", "leak_check", "verdict", "said"),
    [
        (Gap(TRACKER, "pinned"), check(), INCONCLUSIVE, f"traffic to {TRACKER} stayed unexplained"),
        (Gap("", ""), check(), INCONCLUSIVE, "traffic to an unknown host stayed unexplained"),
        (Gap("libflutter.so", "x"), check(), INCONCLUSIVE, "traffic to libflutter.so stayed"),
        (Gap("libflutter.so", "x"), waived("libflutter.so"), PASS, "; waived until"),
        (Gap("", "x"), waived("clinic.example"), INCONCLUSIVE, "an unknown host"),
        (Gap(TRACKER, "pinned"), waived(TRACKER), PASS, "waived until"),
        (Gap(TRACKER, "pinned"), waived(TRACKER, PAST), INCONCLUSIVE, "(pinned)"),
        (Gap(FIRST_PARTY, "pinned"), check(), PASS, "the host is allowed"),
        (Gap(TRACKER, "pinned", TYPED_S - 5), check(), PASS, "before typing began"),
        (Gap(TRACKER, "pinned", TYPED_S - 1), check(), INCONCLUSIVE, "(pinned)"),
        (
            Gap(TRACKER, "pinned"),
            check("clinic.example", {"host": TRACKER, "sdk": "tracker"}),
            INCONCLUSIVE,
            "(pinned)",
        ),
    ],
)
def test_unexplained_traffic(gap: Gap, leak_check: LeakCheck, verdict: Verdict, said: str) -> None:
    judgement = judge(facts(check=leak_check, coverage=replace(COVERAGE, unexplained=(gap,))))
    assert judgement.verdict is verdict
    details = [reason.detail for reason in judgement.reasons]
    assert any(said in text for text in (*details, *judgement.notes))


def missed(at_s: float = TYPED_S + 2, host: str = TRACKER) -> Any:
    return silent(exchange(host, at_s=at_s, seen_by=(Layer.WITNESS,)))


def test_a_hook_gap_is_inconclusive_unless_waived_or_before_typing() -> None:
    judgement = judge(facts(missed()))
    assert rows(judgement) == {"hook-gap"}
    assert judgement.reasons[0].detail == (
        f"the hooks missed an exchange with {TRACKER} (POST with 0 bytes)"
    )
    assert judge(facts(missed(host=FIRST_PARTY))).verdict is INCONCLUSIVE
    assert judge(facts(missed(), check=waived(TRACKER))).verdict is PASS
    before = judge(facts(missed(TYPED_S - 5)))
    assert before.verdict is PASS
    assert before.notes[0].endswith("before typing began")


def test_hook_gaps_of_the_coverage_are_the_same_ones() -> None:
    gap = Gap(TRACKER, "POST with 0 bytes", exchange().started_s)
    both = judge(facts(missed(), coverage=replace(COVERAGE, hook_gaps=(gap,))))
    assert [each.detail for each in both.reasons] == [
        f"the hooks missed an exchange with {TRACKER} (POST with 0 bytes)"
    ]
    unknown = verdict_with(hook_gaps=(Gap("", ""),))
    assert unknown.reasons[0].detail == "the hooks missed an exchange with an unknown host"
    twice = verdict_with(hook_gaps=(Gap("a.example", "", 0.0), Gap("a.example", "", TYPED_S + 5)))
    assert twice.reasons[0].detail == "the hooks missed an exchange with a.example, 2 times"


def test_a_dead_layer_is_inconclusive() -> None:
    dead = LayerState(Layer.TLS, False, detail="no such method")
    judgement = verdict_with(layers=(LAYERS[0], dead, LAYERS[2]))
    assert rows(judgement) == {"layer"}
    assert judgement.reasons[0].detail == "capture layer tls was dead: no such method"
    unsaid = verdict_with(layers=(LAYERS[0], LayerState(Layer.TLS, False), LAYERS[2]))
    assert unsaid.reasons[0].detail == "capture layer tls was dead: not installed"
    unused = LayerState(Layer.WEBVIEW, False, in_use=False)
    assert verdict_with(layers=(*LAYERS, unused)).verdict is PASS


@pytest.mark.parametrize("layer", [Layer.SDK_API, Layer.IPC])
def test_a_layer_that_nothing_proves_is_inconclusive(layer: Layer) -> None:
    judgement = verdict_with(layers=(*LAYERS, LayerState(layer, True)))
    assert rows(judgement) == {"layer"}
    assert "never seen to work" in judgement.reasons[0].detail
    assert judgement.reasons[0].action


@pytest.mark.parametrize("layer", [Layer.JAVA_HTTP, Layer.TLS, Layer.SOCKET, Layer.WEBVIEW])
def test_a_silent_network_layer_is_excused_by_the_witness_alone(layer: Layer) -> None:
    quiet = LayerState(layer, True)
    witness, other = LAYERS[2], LayerState(Layer.IPC, True, 1, True)
    assert verdict_with(layers=(quiet, other, witness)).verdict is PASS
    assert verdict_with(layers=(quiet, other)).verdict is INCONCLUSIVE
    down = LayerState(Layer.WITNESS, False, detail="it ended")
    assert verdict_with(layers=(quiet, other, down)).verdict is INCONCLUSIVE


def test_a_silent_http_layer_is_excused_by_the_layer_below() -> None:
    quiet = LayerState(Layer.JAVA_HTTP, True)
    assert verdict_with(layers=(quiet, LAYERS[1])).verdict is PASS
    below = LayerState(Layer.TLS, True)
    assert len(verdict_with(layers=(quiet, below)).reasons) == 2


@pytest.mark.parametrize("layers", [(), (LAYERS[2],), (LayerState(Layer.TLS, True, in_use=False),)])
def test_no_hook_layer_in_use_is_inconclusive(layers: tuple[LayerState, ...]) -> None:
    judgement = verdict_with(layers=layers)
    assert "no hook layer was in use at all" in [each.detail for each in judgement.reasons]


def test_lost_messages_are_inconclusive() -> None:
    judgement = verdict_with(lost=1)
    assert rows(judgement) == {"lost"}
    assert judgement.verdict is INCONCLUSIVE


def test_a_process_without_hooks_is_inconclusive() -> None:
    states = (ProcessState("b:remote", False, "attach failed"), ProcessState("a", False))
    judgement = verdict_with(processes=(*states, ProcessState(PACKAGE, True)))
    assert [each.detail for each in judgement.reasons] == [
        "process a of the app was not instrumented",
        "process b:remote of the app was not instrumented: attach failed",
    ]
    assert judgement.verdict is INCONCLUSIVE


def test_a_detached_agent_or_a_fault_is_inconclusive() -> None:
    judgement = verdict_with(detached="process-terminated", errors=("b", "a"))
    assert [each.detail for each in judgement.reasons] == [
        "the agent left before the end: process-terminated",
        "instrumentation fault: a",
        "instrumentation fault: b",
    ]
    assert judgement.verdict is INCONCLUSIVE
    assert verdict_with(errors=("a",)).verdict is INCONCLUSIVE


def test_text_that_was_not_read_back_is_inconclusive() -> None:
    judgement = judge(facts(typing_confirmed=False, typing_detail="'hpatite'"))
    assert rows(judgement) == {"typing"}
    assert judgement.reasons[0].detail.endswith("from the field: 'hpatite'")
    assert judge(facts(typing_confirmed=False)).reasons[0].detail.endswith("from the field")


def test_text_that_was_never_typed_is_inconclusive() -> None:
    judgement = judge(facts(typed_s=None))
    assert "typing" in rows(judgement)
    assert judgement.verdict is INCONCLUSIVE


def test_a_failed_step_or_a_crash_is_inconclusive() -> None:
    assert rows(judge(facts(failed_steps=("tapOn search: not found",)))) == {"step"}
    assert rows(judge(facts(crashed="NullPointerException"))) == {"crash"}
    assert judge(facts(crashed="x")).verdict is INCONCLUSIVE


def test_a_file_that_is_waived_is_a_note() -> None:
    entry = {"file": "databases/history*", "why": "own search history", "until": "2999-01-01"}

    def with_queue(file: str) -> Judgement:
        coverage = replace(COVERAGE, queued=(Queued(file, "nfc"),))
        return judge(facts(coverage=coverage, check=check(blind=(entry,))))

    judgement = with_queue("databases/history.db")
    assert judgement.verdict is PASS
    assert any("own search history" in note for note in judgement.notes)
    assert with_queue("files/q").verdict is INCONCLUSIVE
