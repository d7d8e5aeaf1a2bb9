"""Stored runs brought down to what is compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.baseline.approved import Cell
from harness.baseline.model import AppVersion
from harness.baseline.observing import joined, latest, observed, observed_item
from harness.baseline.store import Store
from harness.errors import ScenarioError
from harness.findings.verdict import judge
from tests.baseline.baselines import CELL, baseline, entry, later, leaking
from tests.baseline.runs import CLEAN, LEAKY, SCENARIO, app, put_run, record
from tests.findings.building import COVERAGE, PACKAGE, alone, exchange, facts, silent


def test_a_run_shows_who_got_what(store: Store) -> None:
    quiet = facts(*LEAKY.judged[1:], silent(exchange("cdn.example")))
    put_run(store, "one", record(quiet))
    shown = observed(store.reader, store.reader.find("one"))
    assert shown.app == app()
    assert [(each.host, each.leak) for each in shown.entries] == [
        ("api-js.mixpanel.com", True),
        ("api.clinic.example", False),
    ]
    assert shown.entries[0] == leaking()
    assert shown.cells == (CELL,)
    assert [each.host for each in shown.contacts] == [
        "api-js.mixpanel.com",
        "api.clinic.example",
        "cdn.example",
    ]
    assert shown.acceptances() == ()


def test_an_item_shows_the_same_as_its_run(store: Store) -> None:
    put_run(store, "one", record(LEAKY))
    of_run = observed(store.reader, store.reader.find("one"))
    spoken = replace(LEAKY, consent="accepted")
    of_item = observed_item(spoken, judge(LEAKY), SCENARIO, app())
    assert of_item.entries == of_run.entries
    assert of_item.cells == of_run.cells
    assert of_item.contacts == of_run.contacts


def test_a_blind_item_makes_its_cell_blind(store: Store) -> None:
    blind = alone(coverage=replace(COVERAGE, lost=2))
    put_run(store, "one", record(CLEAN, name="a"), record(blind, name="b"))
    shown = observed(store.reader, store.reader.find("one"))
    assert (shown.cells, [str(each) for each in shown.blind_in]) == ((), [str(CELL)])


def test_a_leak_that_was_blind_elsewhere_is_blind_too(store: Store) -> None:
    both = replace(LEAKY, coverage=replace(COVERAGE, lost=2))
    put_run(store, "one", record(both))
    shown = observed(store.reader, store.reader.find("one"))
    assert shown.cells == ()
    assert "api-js.mixpanel.com" in {each.host for each in shown.entries}


def test_the_last_attempt_counts_for_what_could_be_seen(store: Store) -> None:
    blind = alone(coverage=replace(COVERAGE, lost=2))
    first = record(blind, name="a", test="a")
    second = record(CLEAN, name="a#2", test="a", attempt=2)
    put_run(store, "one", first, second)
    assert observed(store.reader, store.reader.find("one")).cells == (CELL,)


def test_latest_takes_each_cell_from_the_newest_run_that_could_see(store: Store) -> None:
    other = {"scenario": "other.flow.yaml", "name": "b"}
    put_run(store, "1", record(CLEAN, "1.0"), record(CLEAN, "1.0", **other), at_s=1.0)
    put_run(store, "2", record(LEAKY, "2.0"), at_s=2.0)
    put_run(store, "3", record(CLEAN, "3.0"), at_s=3.0, finished=False)
    put_run(store, "4", record(CLEAN, "4.0"), at_s=4.0)
    found = latest(store.reader, PACKAGE, before="4")
    assert found is not None
    assert (found.run, found.app.label) == ("2", "2.0")
    assert [(str(cell), cell.version) for cell in found.cells] == [
        ("scenarios/search.flow.yaml (accepted)", "2.0"),
        ("other.flow.yaml (accepted)", "1.0"),
    ]
    assert latest(store.reader, "org.example.other") is None


def test_joined_is_none_for_none_and_keeps_the_newest() -> None:
    assert joined([]) is None
    new, old = later(baseline(entry(), leaking())), baseline(entry())
    assert joined([new, old]) == new
    elsewhere = baseline(entry(seen_in=("b",)), cells=(Cell("b", "none"),))
    found = joined([new, elsewhere])
    assert found is not None
    assert [cell.scenario for cell in found.cells] == [SCENARIO, "b"]


def test_several_apps_need_a_name(store: Store) -> None:
    two = record(name="b", app=AppVersion("org.example.other", "7"))
    put_run(store, "one", record(name="a"), two)
    run = store.reader.find("one")
    with pytest.raises(ScenarioError, match="several apps"):
        observed(store.reader, run)
    assert observed(store.reader, run, "org.example.other").app.label == "7"
    with pytest.raises(ScenarioError, match="did not test this app"):
        observed(store.reader, run, "org.example.third")
