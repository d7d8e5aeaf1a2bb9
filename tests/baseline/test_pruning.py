"""Old runs go whole; what others still need stays; runs that go on are left alone."""

from __future__ import annotations

from sqlalchemy import func, select

from harness.baseline import schema
from harness.baseline.model import About, AppVersion, RunInfo
from harness.baseline.pruning import DAY_S, Retention, expired, remove
from harness.baseline.store import Store
from harness.findings.finding import Verdict
from tests.baseline.runs import CLEAN, LEAKY, put_run, record
from tests.findings.building import exchange, facts, silent


def run(name: str, days_old: float, package: str = "a", finished: bool = True) -> RunInfo:
    at = 1000 * DAY_S - days_old * DAY_S
    end = at + 60 if finished else None
    return RunInfo(name, at, end, Verdict.PASS, True, About(), (AppVersion(package),))


def test_the_last_of_each_app_stay() -> None:
    runs = [run(f"a{day}", day) for day in range(5)] + [run("b9", 9, "b")]
    rule = Retention(keep=2, older_than_s=3 * DAY_S)
    assert expired(runs, rule, 1000 * DAY_S) == ("a4",)
    assert expired(runs, Retention(0, 0), 1000 * DAY_S + 1) == ("a0", "a1", "a2", "a3", "a4", "b9")


def test_a_run_that_goes_on_stays() -> None:
    runs = [run("now", 0.5, finished=False), run("killed", 5, finished=False)]
    assert expired(runs, Retention(0, 0), 1000 * DAY_S) == ("killed",)


def count(store: Store, table: object) -> int:
    with store.database.reading() as connection:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]  # any table
        return int(connection.execute(query).scalar_one())


def test_what_another_run_needs_stays(store: Store) -> None:
    shared = silent(exchange("a.example", body=b"shared by both"))
    own = silent(exchange("b.example", body=b"only in the old one"))
    put_run(store, "old", record(facts(shared, own)), record(LEAKY, name="b"), redact=False)
    put_run(store, "new", record(facts(shared)), redact=False)
    before = count(store, schema.blobs)
    assert remove(store.database, ["old"]) == 2, "a body, and the stack of the leak"
    assert count(store, schema.blobs) == before - 2
    (item,) = store.reader.items("new")
    assert [each.exchange.request.body.data for each in store.reader.exchanges(item)] == [
        b"",
        b"shared by both",
    ]
    assert [each.id for each in store.reader.runs()] == ["new"]
    for table in (schema.flows, schema.contacts, schema.recipients):
        assert count(store, table) in (1, 2)


def test_an_empty_store_has_nothing_to_give(store: Store) -> None:
    assert remove(store.database, []) == 0
    put_run(store, "one", record(CLEAN))
    assert remove(store.database, ["two"]) == 0
