"""What the page shows, before it is drawn."""

from __future__ import annotations

from dataclasses import replace

from harness.findings.coverage import LayerState
from harness.findings.finding import Verdict
from harness.report.html.texts import Words
from harness.report.html.view import layer_state, page
from harness.traffic.exchange import Layer
from tests.report.items import blind, leaking, passing
from tests.report.runs import item, run, three

EN = Words("en")


def test_the_verdict_and_its_sentence() -> None:
    assert page(three(), EN).lead == "What was typed reached 1 recipient that no rule allows."
    assert "not a pass" in page(run(item(blind())), EN).lead
    assert page(run(item(passing())), Words("de")).lead.startswith("In dem, was gelesen wurde")
    told = leaking()
    without = replace(told, judgement=replace(told.judgement, findings=()))
    assert page(run(item(without)), EN).lead.startswith("The run leaked")


def test_blind_spots_have_a_heading_and_the_next_action() -> None:
    (told, *_) = page(three(), EN).blind
    assert told.heading == "Messages of the agent were lost"
    assert told.action


def test_a_killed_and_an_empty_run_are_blind() -> None:
    killed = page(run(item(passing()), complete=False), EN)
    assert killed.verdict is Verdict.INCONCLUSIVE
    assert "never finished" in killed.blind[0].detail
    assert page(run(), EN).blind[0].detail == "No scenario was judged."


def test_the_grid_has_a_column_per_consent_state() -> None:
    accepted = item(leaking(), title="A search")
    rejected = item(replace(passing(), consent="rejected"), title="A search")
    found = page(run(accepted, rejected), EN)
    assert found.consents == ("accepted", "rejected")
    (row,) = found.grid
    assert [[each.report.verdict.value for each in cell] for cell in row.cells] == [
        ["leak"], ["pass"],
    ]  # fmt: skip


def test_builds_have_rows_of_their_own() -> None:
    first = item(leaking("cancer"), title="A search")
    app = first.report.app
    assert app is not None
    fixed = replace(leaking("cancer"), app=replace(app, version_name="2.0"))
    found = page(run(first, item(fixed, title="A search")), EN)
    assert [row.app for row in found.grid] == ["org.example.clinic 1.4.0", "org.example.clinic 2.0"]
    assert found.several
    same_name = replace(leaking("cancer"), app=replace(app, sha256="cd" * 32))
    found = page(run(first, item(same_name, title="A search")), EN)
    assert [row.app.partition("sha256 ")[2] for row in found.grid] == ["abababab)", "cdcdcdcd)"]
    assert not page(run(first), EN).several


def test_a_card_links_to_its_proof() -> None:
    of = three()
    (first, *others) = of.items
    finding = first.report.judgement.findings[0]
    named = tuple(
        replace(each, exchange=replace(each.exchange, id=finding.exchange))
        for each in first.exchanges
    )
    found = page(replace(of, items=(replace(first, exchanges=named), *others)), EN)
    assert [card.links for card in found.cards] == [("x0-0",)]


def test_changes_since_the_baseline_are_those_of_apps_that_have_one() -> None:
    told = {"changes": [{"change": "new-recipient"}]}
    assert page(run(changes={"a": None, "b": told}), EN).changes == (("b", told),)


def test_states_of_layers() -> None:
    states = [
        LayerState(Layer.TLS, True, 1, True),
        LayerState(Layer.TLS, True),
        LayerState(Layer.TLS, False),
        LayerState(Layer.TLS, False, in_use=False),
    ]
    assert [layer_state(each) for each in states] == [
        "layer.proved", "layer.installed", "layer.dead", "layer.unused",
    ]  # fmt: skip
