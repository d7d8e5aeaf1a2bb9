from __future__ import annotations

from typing import cast

import pytest

from harness.device.device import Device
from harness.device.hands import Hands
from harness.device.screen import Screen
from harness.errors import BugError
from harness.scenario.model import Typing
from tests.device.fields import Agent, Phone
from tests.device.scripted import FakeClock


def _hands(phone: Phone) -> Hands[object]:  # type: ignore[type-var]  # no launch in these tests
    clock = FakeClock()
    return Hands(cast(Device, phone), Screen(phone, clock), cast("object", None), clock)  # type: ignore[arg-type]  # likewise


def test_types_erases_and_submits_with_the_session_it_gave_out() -> None:
    phone = Phone()
    hands, agent = _hands(phone), Agent(phone)
    assert hands.type_text(agent, "hépatite", Typing()).confirmed
    hands.erase(agent, 1)
    assert phone.text == "hépatit"
    assert hands.submit_search(agent) == "editor action"


def test_a_session_that_cannot_type_is_a_bug() -> None:
    with pytest.raises(BugError, match="cannot type"):
        _hands(Phone()).submit_search("no session")
