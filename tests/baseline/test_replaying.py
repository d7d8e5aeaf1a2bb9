"""Runs judged again: the same by the same engine, more by a better one, blind where redacted."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor
from harness.baseline import replaying
from harness.baseline.recorded import RecordedRun, stored_run
from harness.baseline.replaying import Replay, replay
from harness.baseline.store import Store
from harness.detection.engine import Engine
from harness.detection.sighting import Scan
from harness.findings.facts import ItemFacts, ScannedExchange
from harness.findings.finding import Reason, Verdict
from harness.traffic.exchange import Exchange
from tests.baseline.runs import alone_blind, put_run, record
from tests.findings.building import FIRST_PARTY, TERM, TRACKER, TYPED_S, exchange, facts

ENGINE = Engine([TERM])
HIDDEN = b64encode(json.dumps({"q": TERM}).encode())


def seen(what: Exchange, scan: Scan | None = None) -> ScannedExchange:
    """As the run saw it, with the real engine unless `scan` says otherwise."""
    recipient = Attributor(Catalogue.load(), ["clinic.example"]).recipient(what)
    return ScannedExchange(what, ENGINE.scan(what) if scan is None else scan, recipient)


def search(word: str = TERM) -> ScannedExchange:
    body = json.dumps({"q": word}).encode()
    return seen(exchange(FIRST_PARTY, at_s=TYPED_S + 1, path="/search", body=body))


def run_with(*what: ScannedExchange, **fields: Any) -> ItemFacts:
    return replace(facts(**fields), judged=(search(), *what))


def stored(tmp_path: Path, of: ItemFacts, *more: ItemFacts, **options: Any) -> RecordedRun:
    records = [record(each, name=f"item{n}") for n, each in enumerate((of, *more))]
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "one", *records, **options)
        return stored_run(store.reader, store.reader.find("one"))


def another_engine(run: RecordedRun) -> RecordedRun:
    return replace(run, about=replace(run.about, engine="0" * 64))


TRACKED = seen(exchange(TRACKER, body=b'{"d":"' + HIDDEN + b'"}'))
QUIET = seen(exchange(TRACKER, name="q", body=b'{"event":"opened","id":"4711-x"}'))


@pytest.mark.parametrize("redact", [True, False])
@pytest.mark.parametrize(
    ("of", "verdict"),
    [
        (run_with(), Verdict.PASS),
        (run_with(QUIET), Verdict.PASS),
        (run_with(TRACKED), Verdict.LEAK),
        (alone_blind(), Verdict.INCONCLUSIVE),
        (run_with(failed_steps=("tapOn",)), Verdict.INCONCLUSIVE),
    ],
)
def test_the_same_engine_says_the_same(
    tmp_path: Path, of: ItemFacts, verdict: Verdict, redact: bool
) -> None:
    done = replay(stored(tmp_path, of, redact=redact))
    (item,) = done.items
    assert (item.then.verdict, item.now.verdict, done.verdict) == (verdict,) * 3
    assert item.why == ()
    assert done.cause == "engine and catalogue are those that judged it"
    assert done.unsearched == 0


def blind_then() -> ItemFacts:
    """A run whose engine did not find what today's finds."""
    return run_with(replace(TRACKED, scan=Scan()))


def test_a_better_engine_finds_more_and_says_so(tmp_path: Path) -> None:
    run = another_engine(stored(tmp_path, blind_then(), redact=False))
    assert run.items[0].report.verdict is Verdict.PASS
    done = replay(run)
    (item,) = done.items
    assert done.verdict is Verdict.LEAK
    assert any(text.startswith(f"new: sent: {TRACKER} got") for text in item.why)
    assert any(text.startswith("gone: pass") for text in item.why)
    assert done.cause.startswith("the detection engine changed since")


def test_what_was_redacted_is_blind_for_another_engine(tmp_path: Path) -> None:
    """The hidden word is no longer there: today's engine cannot say that it was not."""
    run = another_engine(stored(tmp_path, blind_then(), redact=True))
    assert TERM not in repr(run.items[0].exchanges[1].exchange)
    done = replay(run)
    assert done.verdict is Verdict.INCONCLUSIVE
    assert done.unsearched == 2
    assert any("unread-request" in text and "keep-secrets" in text for text in done.items[0].why)


def test_what_was_seen_stays_seen_though_it_was_redacted(tmp_path: Path) -> None:
    run = another_engine(stored(tmp_path, run_with(TRACKED), redact=True))
    assert TERM not in repr(run.items[0].exchanges[1].exchange.request)
    assert replay(run).verdict is Verdict.LEAK


def test_only_the_first_party_redacted_is_no_blindness(tmp_path: Path) -> None:
    run = another_engine(stored(tmp_path, run_with(), redact=True))
    assert replay(run).verdict is Verdict.PASS


def test_a_body_that_can_be_read_now_is_no_gap_any_more(tmp_path: Path) -> None:
    from harness.detection.sighting import Unread
    from harness.findings.coverage import Gap
    from tests.findings.building import COVERAGE

    opaque = replace(QUIET, scan=Scan(unread=(Unread("body", "unknown format"),)))
    gap = Gap(TRACKER, "body: unknown format", QUIET.exchange.started_s)
    of = run_with(opaque, coverage=replace(COVERAGE, unread=(gap,)))
    run = another_engine(stored(tmp_path, of, redact=False))
    assert run.items[0].report.verdict is Verdict.INCONCLUSIVE
    assert replay(run).verdict is Verdict.PASS


def test_a_changed_catalogue_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = stored(tmp_path, run_with(TRACKED), redact=False)
    monkeypatch.setattr(replaying, "catalogue_digest", lambda: "1" * 64)
    assert "the catalogue of SDKs changed since" in replay(run).cause


def test_a_later_typist_of_the_same_word_is_the_owner(tmp_path: Path) -> None:
    """Found only now, in what two items' windows share: whoever typed it last sent it."""
    late = exchange(TRACKER, at_s=TYPED_S + 100, name="late", body=TRACKED.exchange.request.body)
    late_then = seen(late, Scan())
    first = run_with(late_then)
    second = replace(run_with(late_then), typed_s=TYPED_S + 90, ended_s=TYPED_S + 120)
    done = replay(another_engine(stored(tmp_path, first, second, redact=False)))
    assert [each.now.verdict for each in done.items] == [Verdict.PASS, Verdict.LEAK]


def test_what_the_baseline_demanded_stays_demanded(tmp_path: Path) -> None:
    run = stored(tmp_path, run_with(), redact=False)
    (item,) = run.items
    demanded = Reason("baseline", Verdict.LEAK, "new recipient since 1.0: m.clinic.example")
    judgement = replace(item.report.judgement, verdict=Verdict.LEAK, reasons=(demanded,))
    report = replace(item.report, judgement=judgement)
    done = replay(replace(run, items=(replace(item, report=report),)))
    assert done.verdict is Verdict.LEAK
    assert done.items[0].why == ()


def of_verdicts(run: RecordedRun, **fields: Any) -> Replay:
    return replay(replace(run, **fields))


def test_runs_that_are_not_whole_are_no_pass(tmp_path: Path) -> None:
    run = stored(tmp_path, run_with(), redact=False)
    assert of_verdicts(run, complete=False).verdict is Verdict.INCONCLUSIVE
    assert of_verdicts(run, items=()).verdict is Verdict.INCONCLUSIVE
    unplayed = replace(run.items[0], facts=None)
    assert of_verdicts(run, items=(unplayed,)).verdict is Verdict.PASS
    leak = stored(tmp_path, run_with(TRACKED), redact=False)
    assert of_verdicts(leak, complete=False).verdict is Verdict.LEAK


def test_a_leak_on_any_attempt_stands(tmp_path: Path) -> None:
    leaked = record(run_with(TRACKED), name="t", test="t")
    clean = record(run_with(), name="t#2", test="t", attempt=2)
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "one", leaked, clean)
        run = stored_run(store.reader, store.reader.find("one"))
    assert replay(run).verdict is Verdict.LEAK
