"""Items judged one after another, with the real ledger and the real verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.device.facts import AppFile
from harness.errors import LabError
from harness.findings.finding import Verdict
from harness.run.conductor import Result
from harness.run.matrix import cells
from tests.run.lab import bench


def result_of(value: object) -> Result:
    assert isinstance(value, Result)
    return value


def test_a_pass_keeps_events_only(tmp_path: Path) -> None:
    result = result_of(bench(tmp_path).search())
    assert result.judgement.verdict is Verdict.PASS
    assert {path.name for path in result.folder.iterdir()} == {"events.jsonl"}


def test_a_leak_keeps_the_state(tmp_path: Path) -> None:
    result = result_of(bench(tmp_path, leaky=True).search())
    assert result.judgement.verdict is Verdict.LEAK
    assert (result.folder / "screenshot.png").exists()
    shown = (result.folder / "screen.txt").read_text(encoding="utf-8")
    assert "Ergebnisse (3)" in shown, "the screen before the app went to the background"
    assert result.app is not None
    assert result.app.package == "org.example.clinic"


def test_nothing_is_kept_when_nobody_wants_it(tmp_path: Path) -> None:
    result = result_of(bench(tmp_path, keep="off", leaky=True).search())
    assert not (result.folder / "screenshot.png").exists()


def test_two_items_do_not_see_each_others_traffic(tmp_path: Path) -> None:
    table = bench(tmp_path, leaky=True)
    first, second = result_of(table.search(0)), result_of(table.search(1))
    assert {each.sighting.term for each in first.judgement.findings} == {"hépatite"}
    assert {each.sighting.term for each in second.judgement.findings} == {"cancer"}
    assert table.conductor.finish() == ()


def test_late_traffic_revises_the_item_it_belongs_to(tmp_path: Path) -> None:
    table = bench(tmp_path, leaky=True, late=True)
    assert result_of(table.search(0)).judgement.verdict is Verdict.PASS
    table.clock.sleep(1)
    table.search(1)
    (revised,) = (each for each in table.conductor.finish() if each.cell.term == "hépatite")
    assert (revised.first, revised.judgement.verdict) == (Verdict.PASS, Verdict.LEAK)
    assert all(finding.late for finding in revised.judgement.findings)


def test_a_second_attempt_is_an_item_of_its_own(tmp_path: Path) -> None:
    table = bench(tmp_path)
    table.search(0, "t")
    table.search(0, "t")
    assert [each.id for each in table.conductor.attempts("t")] == ["t", "t#2"]


def test_a_lab_that_fails_in_the_middle_is_a_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = bench(tmp_path)

    def clock_s() -> float:
        raise LabError("the device is gone", where="fake-1")

    monkeypatch.setattr(table.phone, "clock_s", clock_s)
    result = result_of(table.search())
    assert result.judgement.verdict is Verdict.INCONCLUSIVE
    assert any("the device is gone" in reason.detail for reason in result.judgement.reasons)


def test_an_interrupted_item_is_judged_before_the_interrupt_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = bench(tmp_path)

    def submit() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(table.phone, "submit", submit)
    with pytest.raises(KeyboardInterrupt):
        table.search()
    (result,) = table.conductor.results
    assert result.judgement.verdict is Verdict.INCONCLUSIVE


def test_a_block_of_python_is_an_item(tmp_path: Path) -> None:
    table = bench(tmp_path)
    cell = cells(table.scenario)[0]
    with table.conductor.item("t", table.scenario, cell) as item:
        raise LabError("no")
    assert item.result.judgement.verdict is Verdict.INCONCLUSIVE


def test_a_term_in_a_file_of_the_app_is_no_pass(tmp_path: Path) -> None:
    waiting = AppFile("/data/data/org.example.clinic/files/q", 4e9, "hépatite".encode())
    result = result_of(bench(tmp_path, files=(waiting,)).search())
    assert result.judgement.verdict is Verdict.INCONCLUSIVE
    assert [reason.row for reason in result.judgement.reasons] == ["queued"]


def test_files_from_before_the_typing_do_not_count(tmp_path: Path) -> None:
    earlier = AppFile("/data/data/org.example.clinic/files/q", 1.0, "hépatite".encode())
    assert result_of(bench(tmp_path, files=(earlier,)).search()).judgement.verdict is Verdict.PASS


def test_files_that_the_device_keeps_to_itself_are_a_note(tmp_path: Path) -> None:
    table = bench(tmp_path, files="run-as: package not debuggable", unread_files=())
    result = result_of(table.search())
    assert result.judgement.verdict is Verdict.PASS
    assert any("package not debuggable" in note for note in result.facts.coverage.notes)


def test_files_that_were_not_read_are_told(tmp_path: Path) -> None:
    result = result_of(bench(tmp_path, unread_files=("/x: too many bytes",)).search())
    assert "not searched: /x: too many bytes" in result.facts.coverage.notes
