"""The language: every word is read, every word can be played."""

from __future__ import annotations

import pytest

from harness.run.actions import ACTIONS
from harness.run.runner import COMPOSITES
from harness.scenario.grammar import STEPS
from harness.scenario.model import Erase, Input, LaunchApp, PressKey, Swipe
from harness.scenario.place import PlacedError
from harness.scenario.reader import walk_steps
from harness.scenario.unsupported import REFUSED
from tests.scenario.reading import one, read, steps
from tests.scenario.test_reader import GOOD


def test_every_word_has_exactly_one_player() -> None:
    assert set(ACTIONS) | set(COMPOSITES) == set(STEPS)
    assert not set(ACTIONS) & set(COMPOSITES)
    assert not set(STEPS) & set(REFUSED)


def test_the_corpus_uses_every_word() -> None:
    text = (GOOD / "everything.flow.yaml").read_text(encoding="utf-8")
    used = {step.kind for step in walk_steps(read(text).steps)}
    assert used == set(STEPS)


def test_defaults_are_maestros() -> None:
    assert one("- launchApp").args == LaunchApp("", False, True, (("all", "allow"),))
    assert one("- eraseText").args == Erase(None)
    assert one("- swipe: {direction: left}").args == Swipe(direction="LEFT")


@pytest.mark.parametrize("text", ["Yes", "007", "12:30", "no", "1_000", "~", "null"])
def test_typed_text_is_what_the_author_wrote(text: str) -> None:
    assert one(f"- inputText: {text}").args == Input(text)


def test_label_and_optional_fit_every_step() -> None:
    for text in (
        "- back: {label: go, optional: true}",
        "- tapOn: {id: a, label: go, optional: on}",
    ):
        step = one(text)
        assert (step.label, step.optional) == ("go", True)


def test_keys() -> None:
    assert one("- pressKey: Search").args == PressKey("Search", 84)
    assert one("- pressKey: {key: volume up}").args == PressKey("volume up", 24)


@pytest.mark.parametrize("word", sorted(REFUSED))
def test_what_is_left_out_says_why(word: str) -> None:
    with pytest.raises(PlacedError) as caught:
        steps(f"- {word}: x")
    assert caught.value.what == f"`{word}` is not supported"
    assert caught.value.action
