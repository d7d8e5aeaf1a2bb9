"""Runs and recordings as the formats take them."""

from __future__ import annotations

from pathlib import Path

from harness.baseline.changes import compare
from harness.baseline.comparing import comparison_json
from harness.baseline.observing import observed
from harness.baseline.recorded import stored_run
from harness.baseline.store import Store
from harness.cli.reported import of_recording, of_store
from harness.findings.finding import Verdict
from tests.baseline.runs import CLEAN, LEAKY, folder_with, put_run, record, redactor


def test_a_stored_run_has_steps_pictures_and_exchanges(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "one", record(LEAKY, folder=folder_with(tmp_path)), changes={"a": None})
        info = store.reader.find("one")
        run = of_store(store.reader, info)
        (item,) = run.items
        assert [each.event for each in item.events] == ["ItemStarted", "StepStarted"]
        (picture,) = item.pictures
        assert (picture.name, picture.content[:4]) == ("screenshot.png", b"\x89PNG")
        hosts = [each.exchange.host for each in item.exchanges]
        assert len(hosts) == len(LEAKY.judged)
        assert [each.exchange.host for each in item.exchanges] == hosts  # walked a second time
        assert (run.id, run.complete, run.redacted, run.changes) == ("one", True, True, {"a": None})
        assert run.versions["engine"]
        recorded = of_recording(stored_run(store.reader, info))
    assert recorded.verdict is run.verdict
    assert [each.exchange.host for each in recorded.items[0].exchanges] == hosts
    assert recorded.started_s is not None


def test_the_history_is_there_when_there_is_more_than_one_run(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "r1", record(CLEAN, "1.0"), at_s=1_000_000.0)
        assert of_store(store.reader, store.reader.find("r1")).history == ()
        put_run(store, "r2", record(LEAKY, "2.0"), at_s=1_000_100.0)
        found = of_store(store.reader, store.reader.find("r2")).history
    told = {each.recipient.host: each for each in found}
    search, tracker = told["api.clinic.example"], told["api-js.mixpanel.com"]
    assert (search.first_version, search.runs) == ("1.0", 2)
    assert (tracker.first_version, tracker.runs, tracker.got_term) == ("2.0", 1, True)


def test_a_report_is_never_lighter_than_the_run_was(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "one", record(CLEAN), finished=False)
        store.writer("one", redactor()).finish(1_000_060.0, Verdict.LEAK, None)
        assert of_store(store.reader, store.reader.find("one")).verdict is Verdict.LEAK


def test_what_a_comparison_says_is_understood(tmp_path: Path) -> None:
    """By the very document that a run stores of its baseline."""
    with Store.open(str(tmp_path / "runs.db")) as store:
        for name, facts, version in (("r1", CLEAN, "1.0"), ("r2", LEAKY, "2.0")):
            put_run(store, name, record(facts, version))
        before, now = (observed(store.reader, store.reader.find(name)) for name in ("r1", "r2"))
        told = comparison_json(before, now, compare(before, now))
        put_run(store, "r3", record(CLEAN, "3.0"), changes={before.app.package: told})
        found = of_store(store.reader, store.reader.find("r3"))
    grave = [
        (each.change, each.severity, each.since) for each in found.differences if each.severity
    ]
    assert grave == [("new-recipient", Verdict.LEAK, "1.0")]
    assert found.verdict is Verdict.LEAK
