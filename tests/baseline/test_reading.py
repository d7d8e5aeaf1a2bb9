"""Everything that goes in comes out; names of runs are understood; damage is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from harness.baseline import schema
from harness.baseline.store import Store
from harness.errors import LabError, ScenarioError
from harness.findings.finding import Verdict
from harness.report.document import item_json
from harness.report.parsing import item_of
from tests.baseline.runs import CLEAN, LEAKY, app, folder_with, put_run, record, redactor
from tests.findings.building import PACKAGE, TRACKER, exchange, facts, silent


def test_a_run_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    given = record(LEAKY, folder=folder_with(tmp_path), worker="gw1")
    put_run(store, "one", given, redact=False, changes={"since": "0.9"})
    run = store.reader.find("one")
    assert (run.verdict, run.complete, run.items) == (Verdict.LEAK, True, 1)
    assert (run.apps, run.redacted, run.changes) == ((app(),), False, {"since": "0.9"})
    assert run.about.origin == "test"
    assert len(run.about.engine) == len(run.about.catalogue) == 64
    (item,) = store.reader.items("one")
    assert (item.name, item.worker, item.consent) == (given.name, "gw1", "accepted")
    assert (item.scenario, item.title, item.app) == (given.scenario, given.title, app())
    expected = item_of(item_json(given.report, redactor(enabled=False)))
    assert store.reader.report(item) == expected
    assert store.reader.document("one")["verdict"] == "leak"
    stored = list(store.reader.exchanges(item))
    assert tuple(each.scanned() for each in stored) == LEAKY.judged
    assert all(each.whole for each in stored)
    found = store.reader.facts(item)
    assert found is not None
    assert replace(found, judged=LEAKY.judged) == LEAKY


def test_events_and_pictures_are_kept(store: Store, tmp_path: Path) -> None:
    put_run(store, "one", record(folder=folder_with(tmp_path)))
    (item,) = store.reader.items("one")
    events = store.reader.events(item)
    assert [(each.event, each.at_s) for each in events] == [
        ("ItemStarted", 1.5),
        ("StepStarted", 2.0),
    ]
    assert events[0].fields["term"] == "hépatite"
    (picture,) = store.reader.artifacts(item)
    assert (picture.name, picture.kept) == ("screenshot.png", True)
    assert store.reader.artifact(item, "screenshot.png") == b"\x89PNG\r\n\x1a\n picture"
    assert store.reader.artifact(item, "other.png") is None


def test_an_item_that_never_played_has_no_facts(store: Store) -> None:
    put_run(store, "one", replace(record(), facts=None, app=None))
    (item,) = store.reader.items("one")
    assert store.reader.facts(item) is None
    assert item.app is None
    assert list(store.reader.exchanges(item)) == []


def test_redaction_holds_for_the_store(store: Store, tmp_path: Path) -> None:
    """The file itself is searched, not what the reader says."""
    secret = exchange("a.example", body=b'{"token": "tr0ub4dor-and-3"}')
    secret = replace(
        secret, request=replace(secret.request, headers=(("Cookie", "sid=correct-horse"),))
    )
    put_run(store, "one", record(facts(silent(secret))))
    (item,) = store.reader.items("one")
    kept = next(each for each in store.reader.exchanges(item) if each.exchange.id == secret.id)
    text = repr(kept)
    assert "tr0ub4dor" not in text
    assert "correct-horse" not in text
    assert not kept.whole
    allowed = next(each for each in store.reader.exchanges(item) if each.scan.sightings)
    assert "hépatite" in repr(allowed.scan)


def test_companions_of_findings_stay_readable(store: Store) -> None:
    put_run(store, "one", record(LEAKY))
    (item,) = store.reader.items("one")
    found = [each for each in store.reader.exchanges(item) if each.scan.identifiers]
    assert [each.scan.identifiers[0].value for each in found] == [
        "38400000-8cf0-11bd-b23e-10b96e40000d"
    ]


def test_who_got_what_and_who_was_talked_to(store: Store) -> None:
    quiet = silent(exchange("cdn.example", name="c"))
    put_run(store, "one", record(facts(*LEAKY.judged[1:], quiet)))
    flows = [(flow.recipient.host, flow.data, flow.beside) for _, flow in store.reader.flows("one")]
    assert flows == [
        ("api-js.mixpanel.com", "term", ("advertising-id",)),
        ("api.clinic.example", "term", ()),
    ]
    hosts = [talk.recipient.host for _, talk in store.reader.contacted("one")]
    assert hosts == ["api-js.mixpanel.com", "api.clinic.example", "cdn.example"]


def test_runs_are_found_by_what_people_write(store: Store) -> None:
    put_run(store, "20260101-a", at_s=1.0)
    put_run(store, "20260102-b", at_s=2.0)
    reader = store.reader
    assert reader.find("latest").id == "20260102-b"
    assert reader.find("latest~1").id == "20260101-a"
    assert reader.find("20260101").id == "20260101-a"
    for name, what in [("2026", "several"), ("x", "no run"), ("", "no run"), ("latest~9", "no")]:
        with pytest.raises(ScenarioError, match=what):
            reader.find(name)
    assert [run.id for run in reader.runs(PACKAGE)] == ["20260102-b", "20260101-a"]
    assert reader.runs("org.example.other") == ()


def test_a_damaged_row_is_named(store: Store) -> None:
    put_run(store, "one", record(name="broken"))
    with store.database.writing() as connection:
        connection.execute(update(schema.items).values(report=b"\x00not zstd"))
    (item,) = store.reader.items("one")
    with pytest.raises(LabError, match="damaged report") as raised:
        store.reader.report(item)
    assert "broken" in raised.value.seen


def test_many_exchanges_are_streamed_in_order(store: Store) -> None:
    many = [silent(exchange(TRACKER, name=f"{number:04}")) for number in range(1203)]
    put_run(store, "one", record(facts(*many)))
    (item,) = store.reader.items("one")
    names = [each.exchange.id for each in store.reader.exchanges(item)][1:]
    assert names == [f"{number:04}" for number in range(1203)]


def test_a_clean_run_is_a_pass(store: Store) -> None:
    put_run(store, "one", record(CLEAN))
    assert store.reader.find("one").verdict is Verdict.PASS
