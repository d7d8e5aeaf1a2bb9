"""Selectors, resolved variables included."""

from __future__ import annotations

import pytest

from harness.device.selectors import Selector
from harness.scenario.model import Look, Tap
from harness.scenario.place import PlacedError
from harness.scenario.targets import expand_selector
from harness.scenario.variables import TERM, Scope
from tests.scenario.reading import one, steps


def test_a_bare_text_and_all_keys() -> None:
    assert one("- assertVisible: Yes").args == Look(Selector(text="Yes"))
    args = one(
        "- tapOn: {id: a, index: -1, below: {text: b}, leftOf: c, enabled: true,"
        ' containsDescendants: [d, {id: e}], point: "10%, 20%"}'
    ).args
    assert args == Tap(
        Selector(
            id="a",
            index=-1,
            below=Selector(text="b"),
            left_of=Selector(text="c"),
            enabled=True,
            contains_descendants=(Selector(text="d"), Selector(id="e")),
            point="10%,20%",
        )
    )


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("- tapOn: {traits: text}", "`traits` is not supported"),
        ("- tapOn: {width: 10}", "`width` is not supported"),
        ("- tapOn: {repeat: 2}", "step `tapOn` needs a selector"),
        ("- tapOn: {below: {foo: x}}", "unknown property of selector `below` `foo`"),
        ("- tapOn: {containsDescendants: x}", "`containsDescendants` must be a list"),
        ('- tapOn: {point: "1;2"}', "`point` is not a point"),
    ],
)
def test_refusals(step: str, what: str) -> None:
    with pytest.raises(PlacedError) as caught:
        steps(step)
    assert caught.value.what == what


def test_expansion_reaches_inner_selectors() -> None:
    scope = Scope().bind(TERM, "C++", literal=True)
    selector = Selector(text="${TERM}", below=Selector(id="${TERM}_x"))
    assert expand_selector(selector, scope) == Selector(
        text=r"C\+\+", below=Selector(id=r"C\+\+_x")
    )
