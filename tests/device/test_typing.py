from __future__ import annotations

import unicodedata

import pytest

from harness.device.screen import NotFound
from harness.device.typing import Typed, erase, type_text
from harness.errors import LabError
from tests.device.fields import Agent, Phone
from tests.device.scripted import FakeClock

HARD = [
    "hépatite",
    " Grüße %s & 100 % 😀 肝炎",
    unicodedata.normalize("NFD", "é"),
    'it\'s "x"',
    "👩‍👩‍👧",
]


def _type(
    phone: Phone, agent: Agent | None, text: str, method: str = "auto", per: str = "grapheme"
) -> Typed:
    return type_text(phone, agent, text, clock=FakeClock(), method=method, per=per)


@pytest.mark.parametrize("text", HARD)
def test_the_agent_types_any_text_by_grapheme(text: str) -> None:
    phone = Phone()
    typed = _type(phone, Agent(phone), text)
    assert phone.text == text
    assert (typed.method, typed.arrived, typed.confirmed) == ("frida", text, True)
    assert typed.started_s <= typed.ended_s
    assert typed.attempts == ("frida: arrived",)


def test_graphemes_are_what_a_watcher_sees() -> None:
    phone = Phone()
    _type(phone, Agent(phone), "e\u0301👩‍👩‍👧x")
    assert phone.commits == ["e\u0301", "👩‍👩‍👧", "x"]
    phone = Phone()
    _type(phone, Agent(phone), "abc", per="whole")
    assert phone.commits == ["abc"]


def test_delay_lies_between_graphemes() -> None:
    phone, clock = Phone(), FakeClock()
    type_text(phone, Agent(phone), "abc", clock=clock, delay_ms=75)
    assert clock.slept == [0.075, 0.075]


@pytest.mark.parametrize("text", ["cancer", "100 %s", "a b"])
def test_keys_type_ascii_without_an_agent(text: str) -> None:
    phone = Phone()
    typed = _type(phone, None, text)
    assert (phone.text, typed.method, typed.confirmed) == (text, "keys", True)
    assert typed.attempts[0] == "frida: no agent in the app"
    assert typed.form == "ascii"


def test_a_text_that_nothing_can_type_is_not_confirmed() -> None:
    phone = Phone()
    typed = _type(phone, None, "hépatite")
    assert (typed.method, typed.arrived, typed.confirmed) == ("", "", False)
    assert typed.attempts[-1] == "keys: no key types 'é'"
    assert phone.text == ""


def test_the_input_method_types_and_is_put_back() -> None:
    phone = Phone(ime=True)
    before = phone.current_ime
    typed = _type(phone, None, "hépatite")
    assert (phone.text, typed.method, typed.confirmed) == ("hépatite", "ime", True)
    assert phone.current_ime == before


def test_an_input_method_that_is_not_there_says_what_to_do() -> None:
    typed = _type(Phone(), None, "hépatite", method="ime")
    assert not typed.confirmed
    assert "no input method" in typed.attempts[0]


def test_autocapitalising_is_a_typing_failure() -> None:
    phone = Phone(capitalise=True)
    typed = _type(phone, None, "cancer")
    assert (typed.arrived, typed.confirmed) == ("Cancer", False)
    assert typed.attempts[-1] == "keys: arrived as 'Cancer'"


def test_a_failed_method_is_erased_before_the_next() -> None:
    phone = Phone()
    typed = _type(phone, Agent(phone, drops_after=2), "cancer")
    assert (phone.text, typed.method, typed.confirmed) == ("cancer", "keys", True)
    assert typed.attempts[0] == "frida: arrived as 'ca'"


def test_an_explicit_method_stays_alone() -> None:
    phone = Phone()
    typed = _type(phone, Agent(phone, drops_after=2), "cancer", method="frida")
    assert (typed.method, typed.arrived, typed.confirmed) == ("frida", "ca", False)


def test_text_that_was_there_stays_and_is_not_tried_twice() -> None:
    phone = Phone()
    phone.text = "Dr. "
    assert _type(phone, Agent(phone), "Who").confirmed
    phone.text = "Dr. "
    typed = _type(phone, Agent(phone, drops_after=1), "Who")
    assert not typed.confirmed
    assert typed.attempts[-1] == "no further method: the field held text before"
    assert phone.text == "Dr. W"


def test_a_dead_agent_is_passed_over() -> None:
    phone = Phone()
    typed = _type(phone, Agent(phone, dead=True), "cancer")
    assert (typed.method, typed.confirmed) == ("keys", True)
    assert typed.attempts[0] == "frida: the agent is gone"


def test_passwords_are_proved_by_the_app_only() -> None:
    phone = Phone()
    phone.password = True
    assert _type(phone, Agent(phone), "geheim").confirmed
    phone.text = ""
    typed = _type(phone, None, "geheim")
    assert not typed.confirmed
    assert "bullets" in typed.attempts[-1]


@pytest.mark.parametrize("tells_hint", [True, False])
def test_the_hint_of_an_empty_field_is_no_text(tells_hint: bool) -> None:
    phone = Phone(tells_hint=tells_hint)
    assert _type(phone, None, "cancer").confirmed


def test_nothing_focused_is_an_error() -> None:
    phone = Phone()
    phone.focus = False
    with pytest.raises(NotFound, match="no field has the focus"):
        _type(phone, Agent(phone), "cancer")


@pytest.mark.parametrize("with_agent", [True, False])
def test_erase(with_agent: bool) -> None:
    phone = Phone()
    agent = Agent(phone) if with_agent else None
    phone.text = "hépatite 😀"
    erase(phone, agent, 2, clock=FakeClock())
    assert phone.text == "hépatite"
    erase(phone, agent, None, clock=FakeClock())
    assert phone.text == ""
    erase(phone, agent, None, clock=FakeClock())


def test_a_field_that_keeps_its_text_is_an_error() -> None:
    phone = Phone()
    phone.text = "fixed"
    phone.keyevent = lambda code: None  # type: ignore[method-assign]  # a field that ignores keys
    with pytest.raises(LabError, match="could not be erased"):
        erase(phone, None, None, clock=FakeClock())
