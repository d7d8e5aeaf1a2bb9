"""What the traffic adds to the coverage."""

from __future__ import annotations

from dataclasses import replace

from harness.detection.sighting import Unread
from harness.findings.coverage import Coverage, Gap, LayerState
from harness.findings.facts import ScannedExchange
from harness.traffic.exchange import Kind, Layer
from harness.traffic.observed import CLOSED_PAGES, NATIVE, NO_WITNESS, completed, silent_batchers
from tests.findings.building import (
    BOTH,
    HOOKS,
    TRACKER,
    TYPED_S,
    exchange,
    handover,
    scanned,
    silent,
)

WITNESS = LayerState(Layer.WITNESS, True, 1, True)


def test_exchanges_of_the_witness_alone_are_gaps() -> None:
    missed = silent(exchange(seen_by=(Layer.WITNESS,)))
    known = Gap("a.example", "z", 1.0)
    found = completed(
        Coverage(hook_gaps=(known,)), [missed, silent(exchange())], typed_s=TYPED_S, witness=WITNESS
    )
    assert found.hook_gaps == (known, Gap(TRACKER, "POST with 0 bytes", TYPED_S + 2))
    assert found.layers == (WITNESS,)


def test_unread_requests_and_the_witnesss_own_gaps_are_listed() -> None:
    unread = silent(exchange(), unread=(Unread("body", "cut"),))
    found = completed(
        Coverage(), [unread], typed_s=TYPED_S, witness=WITNESS, witness_gaps=[Gap("p.example", "x")]
    )
    assert found.unread == (Gap(TRACKER, "body: cut", TYPED_S + 2),)
    assert found.unexplained == (Gap("p.example", "x"),)


def test_without_a_witness_that_is_said() -> None:
    found = completed(Coverage(), [silent(exchange())], typed_s=TYPED_S, witness=None)
    assert found == Coverage(notes=(NO_WITNESS,))


def test_a_native_library_that_nobody_looks_past_is_unexplained() -> None:
    given = Coverage(native=("libflutter.so",))
    down = LayerState(Layer.WITNESS, False)
    for witness in (None, down):
        found = completed(given, [], typed_s=TYPED_S, witness=witness)
        assert found.unexplained == (Gap("libflutter.so", NATIVE),)
    assert completed(given, [], typed_s=TYPED_S, witness=WITNESS).unexplained == ()


def test_pages_that_nobody_can_watch_are_unexplained() -> None:
    """A release app on a user build has a web view and no DevTools."""
    engine = Coverage(native=("libmonochrome_64.so",))
    found = completed(engine, [], typed_s=TYPED_S, witness=None)
    assert found.unexplained == (Gap("libmonochrome_64.so", CLOSED_PAGES),)
    assert completed(engine, [], typed_s=TYPED_S, witness=WITNESS).unexplained == ()

    watched = replace(engine, layers=(LayerState(Layer.WEBVIEW, True),))
    assert completed(watched, [], typed_s=TYPED_S, witness=None).unexplained == ()
    late = replace(watched, unwatched=(Gap("p.example", "late"),))
    assert completed(late, [], typed_s=TYPED_S, witness=None).unexplained == late.unwatched
    assert completed(late, [], typed_s=TYPED_S, witness=WITNESS).unexplained == ()
    refused = replace(engine, layers=(LayerState(Layer.WEBVIEW, False),))
    assert completed(refused, [], typed_s=TYPED_S, witness=None).unexplained != ()


def test_a_witness_layer_that_the_run_reports_stays() -> None:
    down = LayerState(Layer.WITNESS, False, detail="it ended")
    given = Coverage(layers=(down,))
    assert completed(given, [], typed_s=None, witness=WITNESS).layers == (down,)


def test_requests_of_the_hooks_alone_are_noted_if_there_is_a_witness() -> None:
    alone = silent(exchange(seen_by=HOOKS))
    others = [
        silent(exchange("b.example", seen_by=BOTH)),
        silent(exchange("c.example", seen_by=HOOKS, kind=Kind.DATAGRAM)),
        handover(),
    ]
    found = completed(Coverage(), [alone, *others], typed_s=TYPED_S, witness=WITNESS)
    assert found.notes == (f"1 requests were seen by the hooks alone: {TRACKER}",)


def test_a_batching_sdk_is_silent_if_it_sent_nothing_since_typing() -> None:
    batched = {"mixpanel": "Mixpanel"}
    before = scanned(exchange(at_s=TYPED_S - 5), sdk="Mixpanel")
    after = scanned(exchange(at_s=TYPED_S - 1, body=b"{}"), sdk="Mixpanel")
    assert silent_batchers([before], batched, TYPED_S) == ("Mixpanel",)
    assert silent_batchers([before, after], batched, TYPED_S) == ()
    assert silent_batchers([before, after], batched, None) == ("Mixpanel",)
    assert silent_batchers([before], {}, TYPED_S) == ()
    assert silent_batchers([handover(sdk="Mixpanel")], batched, TYPED_S) == ("Mixpanel",)
    found = completed(Coverage(), [before], typed_s=TYPED_S, witness=None, batched=batched)
    assert found.silent_batchers == ("Mixpanel",)


def test_what_is_only_sent_again_does_not_break_the_silence() -> None:
    batched = {"countly": "Countly"}

    def asked(at_s: float, query: str) -> ScannedExchange:
        path = f"/i?{query}&checksum256=ab12cd34ef{int(at_s)}"
        return scanned(exchange(at_s=at_s, path=path), sdk="Countly")

    first = asked(TYPED_S - 9, "begin_session=1&timestamp=1767225600250&rr=0")
    again = asked(TYPED_S + 3, "begin_session=1&timestamp=1767225600250&rr=1")
    event = asked(TYPED_S + 4, "events=%5B%5D&timestamp=1767225600950&rr=0")
    assert silent_batchers([again, first], batched, TYPED_S) == ("Countly",)
    assert silent_batchers([again, event, first], batched, TYPED_S) == ()


def test_answers_that_nobody_wrote_are_told() -> None:
    others = [scanned(exchange()), scanned(exchange("clinic.example"))]
    found = completed(
        Coverage(), others, typed_s=TYPED_S, witness=WITNESS, by_default={TRACKER, "z.example"}
    )
    (note,) = (note for note in found.notes if "by default" in note)
    assert TRACKER in note
    assert "z.example" not in note
