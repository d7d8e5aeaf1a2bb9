"""Cells: terms by consent states."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.run.matrix import cells, shown
from tests.scenario.reading import read

STEPS = "---\n- applyConsent\n- inputTerm\n"


def test_one_cell_a_term() -> None:
    found = cells(read(f"appId: a.b\nterms: [xa, yb]\nconsent: rejected\n{STEPS}"))
    assert [(cell.label, cell.consent.value) for cell in found] == [
        ("xa", "rejected"),
        ("yb", "rejected"),
    ]


def test_several_states_are_part_of_the_label() -> None:
    found = cells(read(f"appId: a.b\nterms: [xa]\nconsent: [accepted, none]\n{STEPS}"))
    assert [cell.label for cell in found] == ["xa-accepted", "xa-none"]


@given(st.text())
def test_labels_fit_into_a_node_id(term: str) -> None:
    label = shown(term)
    assert "[" not in label
    assert "::" not in label
    assert "\n" not in label


def test_letters_stay_and_invisible_ones_are_spelled() -> None:
    assert shown("hépatite 肝炎 🦠") == "hépatite 肝炎 🦠"
    assert shown("a\u200bb") == "a\\u{200b}b"
