"""Results of a real conductor in the store: at once, anew, and when the store fails."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from harness.baseline.store import Store
from harness.baseline.writing import RunWriter
from harness.errors import LabError
from harness.findings.finding import Verdict
from harness.run.reporting import unrun_report
from harness.storage import Storage, file_digest, named_from
from harness.traffic.redaction import Redactor
from tests.cli.stored import call, inside, said
from tests.run.lab import TERMS, Bench, bench


def storage(tmp_path: Path) -> Storage:
    return Storage(
        str(tmp_path / "runs.db"), "one", Redactor(b"k", keep=TERMS), root=tmp_path, worker="gw0"
    )


def playing(tmp_path: Path, kept: Storage, **faults: object) -> Bench:
    table = bench(tmp_path / "out", **faults)
    object.__setattr__(table.conductor.lab, "on_result", kept.put)
    return table


def test_an_item_is_there_as_soon_as_it_is_judged(tmp_path: Path) -> None:
    kept = storage(tmp_path)
    table = playing(tmp_path, kept, leaky=True)
    table.search(0)
    with Store.open(kept.store.name, create=False) as other:
        (item,) = other.reader.items("one")
        assert (item.term, item.verdict, item.worker) == ("hépatite", Verdict.LEAK, "gw0")
        assert item.app is not None
        assert item.app.version_name == "2.4.1"
        assert {event.event for event in other.reader.events(item)} >= {"StepStarted", "TextTyped"}
        assert [each.name for each in other.reader.artifacts(item)][-1] == "screenshot.png"
        assert not other.reader.find("one").complete
    kept.end(verdict=Verdict.LEAK)
    with Store.open(kept.store.name, create=False) as other:
        assert other.reader.find("one").complete
    assert kept.told.startswith("stored: run one in ")


@pytest.mark.parametrize("folder", ["", ".leak", "with space", "l'app; $(x)"])
def test_the_command_that_is_told_makes_the_page(
    tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEAK_STORE")
    with inside(tmp_path):
        kept = storage(tmp_path / folder)
        playing(tmp_path, kept, leaky=True).search(0)
        kept.end(verdict=Verdict.LEAK)
        (line,) = kept.next_steps
        name, *arguments = shlex.split(line.removeprefix("as a page: "))
        result = call(*arguments)
    assert name == "leak-harness"
    assert result.exit_code == 0, said(result)
    assert "api.mixpanel.com" in (tmp_path / "report.html").read_text("utf-8")
    assert ("--store" in arguments) is (folder != ".leak")


def test_late_traffic_is_stored_with_its_item(tmp_path: Path) -> None:
    kept = storage(tmp_path)
    table = playing(tmp_path, kept, leaky=True, late=True)
    table.search(0)
    table.clock.sleep(1)
    table.search(1)
    table.conductor.finish()
    kept.end(verdict=Verdict.LEAK)
    with Store.open(kept.store.name) as other:
        first = other.reader.items("one")[0]
        assert (first.closed_as, first.verdict) == (Verdict.PASS, Verdict.LEAK)
        hosts = {each.exchange.host for each in other.reader.exchanges(first)}
        assert "api.mixpanel.com" in hosts


def test_attempts_are_items_of_their_own(tmp_path: Path) -> None:
    kept = storage(tmp_path)
    table = playing(tmp_path, kept)
    table.search(0, "t[#7]")
    table.search(0, "t[#7]")
    kept.end()
    with Store.open(kept.store.name) as other:
        items = other.reader.items("one")
        assert [(each.name, each.test, each.attempt) for each in items] == [
            ("t[#7]", "t[#7]", 1),
            ("t[#7]#2", "t[#7]", 2),
        ]


def test_an_item_that_could_not_be_played_is_there_too(tmp_path: Path) -> None:
    kept = storage(tmp_path)
    report = unrun_report("a", "/nowhere/a.yaml", "x", "none", LabError("no device"))
    kept.end([report], Verdict.INCONCLUSIVE)
    with Store.open(kept.store.name) as other:
        (item,) = other.reader.items("one")
        assert (item.verdict, item.scenario) == (Verdict.INCONCLUSIVE, "a.yaml")


def test_a_store_that_fails_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = storage(tmp_path)
    table = playing(tmp_path, kept)

    def full(self: RunWriter, record: object) -> None:
        raise LabError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "put", full)
        table.search(0)
        assert kept.told == "NOT STORED: the disk is full"
    kept.end(verdict=Verdict.PASS)
    assert kept.failure == ""
    with Store.open(kept.store.name) as other:
        assert [each.term for each in other.reader.items("one")] == ["hépatite"]


def test_a_run_that_is_not_whole_is_never_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = storage(tmp_path)
    table = playing(tmp_path, kept)

    def full(self: RunWriter, record: object) -> None:
        raise LabError("the disk is full")

    monkeypatch.setattr(RunWriter, "put", full)
    table.search(0)
    kept.end(verdict=Verdict.PASS)
    assert kept.failure == "the disk is full"
    with Store.open(kept.store.name) as other:
        assert not other.reader.find("one").complete


def test_no_path_of_the_machine_is_kept(tmp_path: Path) -> None:
    inside = tmp_path / "scenarios" / "a.yaml"
    inside.parent.mkdir()
    inside.write_text("x")
    assert named_from(tmp_path, str(inside)) == "scenarios/a.yaml"
    assert named_from(tmp_path / "other", str(inside)) == "a.yaml"
    assert len(file_digest(inside)) == 64
    assert file_digest(tmp_path / "none") == ""
