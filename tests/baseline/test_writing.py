"""What is written is what is read; what was finished survives the death of its writer."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.baseline.store import Store
from harness.baseline.writing import new_run_id
from harness.errors import HarnessError
from harness.findings.finding import Verdict
from harness.traffic.exchange import Body
from tests.baseline.runs import CLEAN, LEAKY, put_run, record
from tests.findings.building import exchange, facts, silent

ROOT = Path(__file__).resolve().parents[2]


def test_ids_are_the_time_and_something_of_their_own() -> None:
    first, second = new_run_id(1_764_057_992.0), new_run_id(1_764_057_992.0)
    assert first.startswith("20251125-080632-")
    assert first != second


def test_an_item_that_is_judged_anew_replaces_its_former_state(store: Store) -> None:
    put_run(store, "one", record(CLEAN, name="a"), finished=False)
    put_run(store, "one", record(LEAKY, name="a", closed_as=Verdict.PASS))
    (item,) = store.reader.items("one")
    assert (item.verdict, item.closed_as) == (Verdict.LEAK, Verdict.PASS)
    assert len(list(store.reader.exchanges(item))) == 2
    assert len(store.reader.flows("one")) == 2


def test_half_an_item_is_never_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from harness.baseline import writing

    def fails(*arguments: object) -> None:
        raise HarnessError("in the middle")

    monkeypatch.setattr(writing.RunWriter, "_put_folder", fails)
    with pytest.raises(HarnessError, match="in the middle"):
        put_run(store, "one", record(LEAKY), finished=False)
    assert store.reader.items("one") == ()
    assert store.reader.runs()[0].items == 0


def test_a_run_that_was_not_finished_is_incomplete(store: Store) -> None:
    put_run(store, "one", record(LEAKY), finished=False)
    (run,) = store.reader.runs()
    assert not run.complete
    assert run.verdict is Verdict.LEAK, "the gravest of what is there"


def test_equal_bodies_are_stored_once(store: Store) -> None:
    from sqlalchemy import func, select

    from harness.baseline import schema

    body = b"x" * 5000
    same = [silent(exchange("a.example", name=str(number), body=body)) for number in range(50)]
    put_run(store, "one", record(facts(*same)), redact=False)
    with store.database.reading() as connection:
        blobs = schema.blobs.c
        count = connection.execute(
            select(func.count()).select_from(schema.blobs).where(blobs.size_bytes == 5000)
        ).scalar()
    assert count == 1


def test_a_body_above_the_limit_is_cut_and_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.baseline import contents

    monkeypatch.setattr(contents, "MAX_BODY_BYTES", 1000)
    huge = silent(exchange("a.example", body=Body.of(b"y" * 5000)))
    put_run(store, "one", record(facts(huge)), redact=False)
    (item,) = store.reader.items("one")
    stored = [each for each in store.reader.exchanges(item) if each.exchange.host == "a.example"]
    body = stored[0].exchange.request.body
    assert (len(body.data), body.size_bytes) == (1000, 5000)
    assert body.unread == "the store kept 1000 of 5000 bytes"
    assert not stored[0].whole


def test_what_an_app_sends_cannot_break_the_store(store: Store) -> None:
    """NUL, lone surrogates and bytes that are no text: PostgreSQL's TEXT takes none of them."""
    odd = exchange("a.example", name="odd\x00\udcff", body=b"\x00\xff\xfe")
    odd = replace(
        odd,
        host="a\x00\udcff.example",
        request=replace(odd.request, url="https://a/\x00\udcff", headers=(("X\x00", "\udcff"),)),
    )
    put_run(store, "one", record(facts(silent(odd))), redact=False)
    (item,) = store.reader.items("one")
    (kept,) = (each for each in store.reader.exchanges(item) if each.exchange.id == odd.id)
    assert kept.exchange == odd


VICTIM = """
import sys
from harness.baseline.store import Store
from tests.baseline.runs import put_run, record, LEAKY
with Store.open(sys.argv[1]) as store:
    for number in range(10_000):
        put_run(store, "killed", record(LEAKY, name=str(number)), finished=False)
        print(number, flush=True)
"""


def _kill_at_a_random_moment(location: str, seed: int) -> None:
    """Write items until SIGKILL; every item that was reported as written must be there whole."""
    chance = random.Random(seed)
    lines = chance.randrange(1, 25)
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, location], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        for _ in range(lines):
            assert process.stdout.readline(), "it ended by itself"
        for _ in range(chance.randrange(0, 200_000)):  # some moment within the next item
            pass
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read().splitlines()
    finished = lines + len([line for line in rest if line.isdigit()])
    with Store.open(location, create=False) as store:
        (run,) = store.reader.runs()
        assert not run.complete
        items = {item.name: item for item in store.reader.items("killed")}
        assert {str(number) for number in range(finished)} <= set(items)
        assert len(items) <= finished + 1
        for item in (items["0"], items[str(max(map(int, items)))]):
            assert len(list(store.reader.exchanges(item))) == 2
            assert store.reader.report(item).verdict is Verdict.LEAK
        put_run(store, "next", record(CLEAN))
        assert store.reader.find("next").complete


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_writer_loses_nothing_that_was_finished(location: str, seed: int) -> None:
    _kill_at_a_random_moment(location, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 50))
def test_a_killed_writer_at_fifty_moments(location: str, seed: int) -> None:
    _kill_at_a_random_moment(location, seed)
