"""The demo's promises: it compares with what it announced, and says so in its exit code.

Here the results come from the fake phone; `tests/test_scenarios.py` plays the real files on the
embedded device.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from harness.baseline.store import Store
from harness.cli import demo
from harness.cli.demo_cases import CLINIC_CASES, INCIDENT_CASES, TELLING_CASES, Case
from harness.clock import SystemClock
from harness.errors import LabError
from harness.findings.finding import Verdict
from harness.run.conductor import Result
from harness.scenario.model import Consent
from harness.virtual.toolchain.chromium import Chromium
from tests.baseline.runs import CLEAN, put_run, record
from tests.baseline.runs import LEAKY as LEAKY_FACTS
from tests.run.lab import bench

LEAKY = CLINIC_CASES[0]


@pytest.fixture(autouse=True)
def _a_browser_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Chromium(Path("chromium"), None, "147.0.0.0")
    monkeypatch.setattr("harness.virtual.toolchain.chromium.chromium", lambda: found)


def played(folder: Path, *, leaky: bool) -> list[tuple[Case, Result]]:
    table = bench(folder, leaky=leaky)
    return [(LEAKY, cast(Result, table.search()))]


def test_the_cases_tell_the_three_stories() -> None:
    told = [
        (case.flavour, demo._scenario(case.scenario).consent, case.expected)
        for case in CLINIC_CASES
    ]
    assert told == [
        ("leaky", (Consent.ACCEPTED,), Verdict.LEAK),
        ("leaky", (Consent.REJECTED,), Verdict.PASS),
        ("fixed", (Consent.ACCEPTED,), Verdict.PASS),
    ]
    for case in CLINIC_CASES:
        assert demo._scenario(case.scenario).terms == ("hépatite", "cancer", "covid")


def test_the_incident_is_every_release_in_every_state_of_consent() -> None:
    leaks = {
        (case.flavour, case.consent) for case in INCIDENT_CASES if case.expected is Verdict.LEAK
    }
    assert leaks == {("leaky", Consent.ACCEPTED), ("hidden", Consent.ACCEPTED)}
    assert len({(case.flavour, case.consent) for case in INCIDENT_CASES}) == 3 * len(Consent)
    for case in INCIDENT_CASES:
        (cell,) = demo.cells_of(case, demo._scenario(case.scenario))
        assert (cell.term, cell.consent) == ("hépatite", case.consent)
    assert [cell.term for cell in demo.cells_of(LEAKY, demo._scenario(LEAKY.scenario))] == [
        "hépatite",
        "cancer",
        "covid",
    ]


def test_without_a_browser_the_pages_are_left_out_and_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = played(tmp_path, leaky=True)
    asked: list[object] = []

    def play(output: Path, cases: object) -> object:
        asked.append(cases)
        return results

    def none_there() -> None:
        raise LabError("there is no browser", action="install Chromium")

    monkeypatch.setattr(demo, "_play", play)
    ran = CliRunner().invoke(demo.command, ["--output", str(tmp_path / "out")])
    assert "left out" not in ran.output
    monkeypatch.setattr("harness.virtual.toolchain.chromium.chromium", none_there)
    ran = CliRunner().invoke(demo.command, ["--output", str(tmp_path / "out")])
    assert "left out" in ran.output
    assert "install Chromium" in ran.output
    assert asked == [(*CLINIC_CASES, *TELLING_CASES), CLINIC_CASES]
    assert [(each.flavour, each.expected) for each in TELLING_CASES] == [
        ("leaky", Verdict.LEAK),
        ("fixed", Verdict.PASS),
    ]


def test_the_incident_ends_with_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = played(tmp_path, leaky=True)
    asked: list[object] = []

    def play(output: Path, cases: object) -> object:
        asked.append(cases)
        return results

    monkeypatch.setattr(demo, "_play", play)
    ran = CliRunner().invoke(demo.command, ["--incident", "--output", str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    assert asked == [INCIDENT_CASES]
    assert "Release by consent\n  release" in ran.output
    assert ": got by " in ran.output


def test_as_expected_is_exit_code_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = played(tmp_path, leaky=True)
    monkeypatch.setattr(demo, "_play", lambda output, cases: results)
    ran = CliRunner().invoke(demo.command, ["--output", str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    assert "1 of 1 verdicts are as expected" in ran.output
    assert f"report: {tmp_path / 'out' / 'report.json'}" in ran.output
    assert (tmp_path / "out" / "report.json").is_file()


@pytest.mark.parametrize("expected", [Verdict.PASS, Verdict.INCONCLUSIVE])
def test_any_other_verdict_is_exit_code_1_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: Verdict
) -> None:
    results = [
        (replace(case, expected=expected), result) for case, result in played(tmp_path, leaky=True)
    ]
    monkeypatch.setattr(demo, "_play", lambda output, cases: results)
    ran = CliRunner().invoke(demo.command, ["--output", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert f"leak, not {expected}" in ran.output
    assert "0 of 1 verdicts are as expected" in ran.output


def test_a_leak_that_is_missed_is_not_as_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = played(tmp_path, leaky=False)
    monkeypatch.setattr(demo, "_play", lambda output, cases: results)
    ran = CliRunner().invoke(demo.command, ["--output", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert "pass, not leak" in ran.output


def test_without_the_checkout_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "CLINIC", tmp_path / "nothing")
    ran = CliRunner().invoke(demo.command, [])
    assert ran.exit_code != 0
    assert "checkout" in str(ran.exception)


def test_the_run_is_kept_beside_the_report(tmp_path: Path) -> None:
    storage = demo._storage(tmp_path, SystemClock())
    storage.put(played(tmp_path / "run", leaky=True)[0][1])
    storage.end(verdict=Verdict.LEAK)
    with Store.open(str(tmp_path / "runs.db"), create=False) as store:
        run = store.reader.find("latest")
        assert (run.about.origin, run.complete, run.items) == ("demo", True, 1)
        assert not run.redacted, "nothing in it is anybody's, and it is to show its proof"


def test_the_page_is_that_of_the_run_or_none(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "runs.db")) as store:
        put_run(store, "first", record(LEAKY_FACTS, "1.0"), at_s=1_760_000_000.0)
        put_run(store, "second", record(CLEAN, "2.0"), at_s=1_760_000_100.0)
    demo.write_page(tmp_path, "first")
    text = (tmp_path / demo.PAGE).read_text("utf-8")
    assert '<header class="banner leak">' in text
    assert "Over all stored runs: org.example.clinic" in text
    demo.write_page(tmp_path, "")
    assert not (tmp_path / demo.PAGE).exists()
