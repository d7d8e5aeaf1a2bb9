"""Maestro's rules, from its `Filters.kt` and `Orchestra.kt` as far as they are documented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.device.hierarchy import Hierarchy
from harness.device.selectors import Selector, match, matches_text, near_misses
from tests.device.screens import node, screen


def _texts(tree: Hierarchy, selector: Selector) -> list[str]:
    return [found.text for found in match(tree, selector)]


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("Recherche", "Rechercher", False),
        ("Recherche.*", "Rechercher", True),
        ("erlauben", "ERLAUBEN", True),
        ("Zeile.*ende", "Zeile\nende", True),
        ("C++ (2)", "C++ (2)", True),
        ("(offen", "(offen", True),
        ("(offen", "offen", False),
        ("^a$", "a", True),
    ],
)
def test_text_is_a_full_match_or_literal(pattern: str, value: str, fits: bool) -> None:
    assert matches_text(pattern, value) is fits


@given(st.text(min_size=1))
def test_every_text_matches_itself(text: str) -> None:
    assert matches_text(text, text)


def test_text_looks_at_text_hint_and_description() -> None:
    tree = screen(node("one"), node("", hint="two"), node("", description="th\nree"))
    assert len(match(tree, Selector(text="one"))) == 1
    assert len(match(tree, Selector(text="two"))) == 1
    assert len(match(tree, Selector(text="th ree"))) == 1


def test_id_is_whole_or_after_the_slash() -> None:
    tree = screen(node("a", id="search_field"), node("b", id="search_field_clear"))
    assert _texts(tree, Selector(id="search_field")) == ["a"]
    assert _texts(tree, Selector(id="org.example:id/search_field")) == ["a"]
    assert _texts(tree, Selector(id="search_.*")) == ["a", "b"]


def test_deepest_then_clickable_first() -> None:
    label = node("OK", node("OK", at=(1, 1, 9, 9)))
    tree = screen(label, node("OK", clickable=True, at=(0, 500, 9, 509)))
    found = match(tree, Selector(text="OK"))
    assert [(n.clickable, n.bounds.top) for n in found] == [(True, 500), (False, 1)]


def test_index_counts_by_place_and_from_the_end() -> None:
    tree = screen(
        node("third", at=(0, 300, 9, 309)),
        node("second", at=(50, 100, 59, 109)),
        node("first", at=(0, 100, 9, 109)),
    )
    picks = {index: _texts(tree, Selector(text=".+", index=index)) for index in (0, 1, -1, 3, -4)}
    assert picks == {0: ["first"], 1: ["second"], -1: ["third"], 3: [], -4: []}


def test_states() -> None:
    tree = screen(node("on", checked=True), node("off", enabled=False))
    assert _texts(tree, Selector(text=".+", checked=True)) == ["on"]
    assert _texts(tree, Selector(text=".+", enabled=False)) == ["off"]


def test_relations_sort_by_distance() -> None:
    tree = screen(
        node("Name", at=(0, 100, 100, 150)),
        node("far", at=(0, 900, 100, 950)),
        node("near", at=(0, 160, 100, 200)),
        node("left", at=(0, 0, 10, 10)),
    )
    assert _texts(tree, Selector(text="[a-z]+", below=Selector(text="Name"))) == ["near", "far"]
    assert _texts(tree, Selector(text=".*", above=Selector(text="Name"))) == ["left"]
    assert _texts(tree, Selector(text="near", below=Selector(text="nowhere"))) == []


def test_left_and_right() -> None:
    tree = screen(node("a", at=(0, 0, 10, 10)), node("b", at=(50, 0, 60, 10)))
    assert _texts(tree, Selector(text=".", right_of=Selector(text="a"))) == ["b"]
    assert _texts(tree, Selector(text=".", left_of=Selector(text="b"))) == ["a"]


def test_containment() -> None:
    row = node("", node("Dr. Who"), node("", node("Book")), id="row")
    tree = screen(row, node("Book"))
    assert match(tree, Selector(id="row", contains_child=Selector(text="Dr. Who"))) == [row]
    assert match(tree, Selector(id="row", contains_child=Selector(text="Book"))) == []
    both = (Selector(text="Book"), Selector(text="Dr.*"))
    assert match(tree, Selector(id="row", contains_descendants=both)) == [row]
    assert len(match(tree, Selector(text="Book", child_of=Selector(id="row")))) == 1


def test_nodes_without_area_do_not_count() -> None:
    assert match(screen(node("x", at=(5, 5, 5, 90))), Selector(text="x")) == []


def test_near_misses_name_what_to_write() -> None:
    tree = screen(node("Rechercher"), node("Konto"), node("Suche", id="search_box", enabled=False))
    assert near_misses(tree, Selector(text="Recherche")) == ["text: 'Rechercher'"]
    assert near_misses(tree, Selector(id="searchbox")) == ["id: 'search_box' (disabled)"]
    assert near_misses(tree, Selector(text="zzzz")) == []


def test_a_selector_reads_as_it_is_written() -> None:
    selector = Selector(
        text="OK", left_of=Selector(id="x"), contains_descendants=(Selector(text="y"),)
    )
    assert str(selector) == "text: 'OK', leftOf: (id: 'x'), containsDescendants: [text: 'y']"
    assert Selector(point="50%,50%").only_point
    assert not Selector(point="1,1", id="x").only_point
