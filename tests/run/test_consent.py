"""Consent dialogs: words of three languages, the header's own selectors, honesty."""

from __future__ import annotations

import pytest

from harness.device.selectors import matches_text
from harness.run.consent import IDS, WORDS
from harness.run.events import ConsentGiven
from tests.fakes.phone import Faults
from tests.run.stage import HEADER, SEARCH, stage

BUTTONS = {
    "accept": [
        "Erlauben", "Alle akzeptieren", "Alles erlauben", "ZUSTIMMEN", "Tout accepter",
        "J'accepte", "Accepter", "Accept all", "Accept all cookies", "Allow", "I agree",
        "Agree and close",
    ],
    "reject": [
        "Ablehnen", "Alle ablehnen", "Nur notwendige", "Nur notwendige Cookies", "Refuser",
        "Continuer sans accepter", "Tout refuser", "Reject all", "Decline", "Disagree",
        "Only necessary cookies",
    ],
}  # fmt: skip
"""Buttons of consent dialogs as apps and CMPs in use label them."""


@pytest.mark.parametrize(
    ("word", "button"), [(word, each) for word, all_ in BUTTONS.items() for each in all_]
)
def test_common_buttons_are_known_and_never_mixed_up(word: str, button: str) -> None:
    hits = {each for each in WORDS for pattern in WORDS[each] if matches_text(pattern, button)}
    assert hits == {word}


@pytest.mark.parametrize(
    "text", ["Accept our terms before you go on", "Erlauben Sie uns ...", "OK"]
)
def test_sentences_are_no_buttons(text: str) -> None:
    assert not any(matches_text(pattern, text) for all_ in WORDS.values() for pattern in all_)


def test_ids_of_both_answers_differ() -> None:
    assert not set(IDS["accept"]) & set(IDS["reject"])


def test_accepting_is_an_event() -> None:
    (event,) = stage().run().of(ConsentGiven)
    assert isinstance(event, ConsentGiven)
    assert (event.answer, event.by) == ("accept", "id: 'consent_accept'")


def test_the_header_names_the_button() -> None:
    header = HEADER + "consentDialog: {accept: {text: Erlauben}}\n"
    (event,) = stage(header=header).run().of(ConsentGiven)
    assert isinstance(event, ConsentGiven)
    assert event.by == "text: 'Erlauben'"


def test_a_dialog_that_is_not_there_is_a_failed_step() -> None:
    after = stage(faults=Faults(dialog=False)).run()
    assert "no consent dialog with a button to accept" in after.play.failed[0]
    assert "consentDialog" in after.play.failed[0]


def test_a_dialog_that_stays_is_a_failed_step(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stage(SEARCH)
    monkeypatch.setattr(before.phone, "_tapped", lambda name: None)
    assert "still there after a tap" in before.run().play.failed[0]
