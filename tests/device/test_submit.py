from __future__ import annotations

import pytest

from harness.device.screen import NotFound, Screen
from harness.device.submit import submit_search
from tests.device.fields import Agent, Phone
from tests.device.scripted import FakeClock


def _submit(phone: Phone, agent: Agent | None) -> str:
    clock = FakeClock()
    return submit_search(phone, agent, Screen(phone, clock), clock=clock)


def test_editor_action_first() -> None:
    phone = Phone()
    phone.text = "cancer"
    assert _submit(phone, Agent(phone)) == "editor action"
    assert phone.searched == ["cancer"]


def test_enter_when_the_action_is_not_taken_or_there_is_no_agent() -> None:
    phone = Phone()
    agent = Agent(phone)
    agent.takes_action = False
    assert _submit(phone, agent) == "enter key"
    assert _submit(Phone(), None) == "enter key"
    phone = Phone()
    assert _submit(phone, Agent(phone, dead=True)) == "enter key"


def test_nothing_happens_is_an_error() -> None:
    phone = Phone()
    phone.listens_to_enter = False
    with pytest.raises(NotFound, match="not submitted") as caught:
        _submit(phone, None)
    assert caught.value.seen == "editor action: no agent in the app; enter key: nothing changed"
