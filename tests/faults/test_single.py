"""One fault at a time, on every stream that is known to leak: never a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.findings.finding import Verdict
from tests.faults.__main__ import DOCS, page
from tests.faults.catalogue import instead
from tests.faults.sendings import FAULTS
from tests.faults.stream import STREAMS, TYPED_S, judged, request, verdict_of
from tests.faults.test_pairs import LIKELY


@pytest.mark.parametrize("stream", STREAMS)
def test_the_streams_leak(stream: str) -> None:
    assert verdict_of(STREAMS[stream]) is Verdict.LEAK


@pytest.mark.parametrize("stream", STREAMS)
def test_without_the_leak_the_streams_pass(stream: str) -> None:
    innocent = instead(STREAMS[stream], request("api.clinic.example", "/more"))
    assert verdict_of(innocent) is Verdict.PASS


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_never_makes_a_pass(fault: str, stream: str) -> None:
    assert verdict_of(FAULTS[fault](STREAMS[stream])) is not Verdict.PASS


def test_the_docs_tell_what_became_of_them() -> None:
    """And that there are enough. `make faults` renews the page."""
    text, passed = page()
    assert passed == 0
    assert len(FAULTS) >= 60
    assert text == DOCS.read_text(encoding="utf-8")
    told = f"{len(FAULTS)} faults and {len(LIKELY) * (len(LIKELY) - 1)} pairs"
    assert told in (DOCS.parents[1] / "README.md").read_text(encoding="utf-8")


def test_limit_a_term_split_over_two_requests_is_only_noted() -> None:
    """What cannot be seen today: halves in two requests. The first half is noted, no more."""
    halves = (
        request("t.tracker.example", "/p?q=h%C3%A9pa", name="a"),
        request("t.tracker.example", "/p?q=tite", name="b", at_s=TYPED_S + 4),
    )
    judgement, _ = judged(instead(STREAMS["json-witness"], *halves))
    assert judgement.verdict is Verdict.PASS
    assert any("a lone beginning" in note for note in judgement.notes)


def test_limit_an_agent_that_loses_an_exchange_without_a_trace_and_no_witness() -> None:
    """Why a witness or a self-check matters: nothing is left to notice it by."""
    stream = STREAMS["json-alone"]
    silent = replace(stream, hooked=tuple(e for e in stream.hooked if e not in stream.leaks))
    assert verdict_of(silent) is Verdict.PASS
    witnessed = STREAMS["json-witness"]
    assert verdict_of(replace(witnessed, hooked=silent.hooked)) is Verdict.LEAK
