"""The steps as methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.findings.finding import Verdict
from harness.run.matrix import cells
from harness.run.script import Script, scenario_for
from harness.run.window import window
from tests.run.lab import Bench, bench


def play(table: Bench, body: str) -> Verdict:
    scenario = scenario_for(
        "org.example.clinic", "hépatite", path=Path("t.py"), allow=["clinic.example"],
        consent="accepted",
    )  # fmt: skip
    with (
        table.conductor.item("t", scenario, cells(scenario)[0]) as item,
        window(item.play, item.id),
    ):
        app = Script(item)
        app.launch(clear_state=True)
        app.accept_consent()
        app.tap(id="search_field")
        app.play(body)
        app.submit_search()
        app.assert_visible("Ergebnisse.*")
    return item.result.judgement.verdict


def test_methods_and_text_are_the_same_language(tmp_path: Path) -> None:
    assert play(bench(tmp_path), "- inputText: ${TERM}") is Verdict.PASS
    assert play(bench(tmp_path, leaky=True), "- inputTerm") is Verdict.LEAK


def test_a_step_that_fails_ends_the_block_and_is_inconclusive(tmp_path: Path) -> None:
    table = bench(tmp_path)
    assert play(table, "- tapOn: nirgends") is Verdict.INCONCLUSIVE
    assert table.phone.app.screen == "search", "what follows in the block is not played"


def test_mistakes_are_placed_in_the_given_text(tmp_path: Path) -> None:
    table = bench(tmp_path)
    assert play(table, "\n    - inputTrem\n") is Verdict.INCONCLUSIVE
    (result,) = table.conductor.results
    assert "the test's text:2:3: unknown step `inputTrem`" in result.facts.failed_steps[0]


def test_typed_text_is_no_template(tmp_path: Path) -> None:
    table = bench(tmp_path)
    scenario = scenario_for("org.example.clinic", "x", path=Path("t.py"))
    with table.conductor.item("t", scenario, cells(scenario)[0]) as item:
        table.phone.app.focused = True
        Script(item).input_text("costs ${5}")
    assert table.phone.app.text == "costs ${5}"


def test_a_wrong_allow_list_is_refused() -> None:
    with pytest.raises((ScenarioError, ValueError), match=r"\*\.com"):
        scenario_for("a.b", "x", path=Path("t.py"), allow=["*.com"])
