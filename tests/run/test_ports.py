"""The real objects fit the contracts that the fakes fit."""

from __future__ import annotations

import inspect

import pytest

from harness.agent.session import AgentSession
from harness.device.device import Device
from harness.device.hands import Hands
from harness.device.screen import Screen
from harness.run import ports
from tests.fakes import phone


@pytest.mark.parametrize(
    ("port", "kinds"),
    [
        (ports.DevicePort, (Device, phone.Phone)),
        (ports.ScreenPort, (Screen,)),
        (ports.SessionPort, (AgentSession, phone.Agent)),
        (ports.HandsPort, (Hands, phone.Hands)),
    ],
)
def test_every_method_takes_what_the_port_says(port: type, kinds: tuple[type, ...]) -> None:
    for name, wanted in inspect.getmembers(port, inspect.isfunction):
        if name.startswith("_"):
            continue
        for kind in kinds:
            found = getattr(kind, name, None)
            assert callable(found), f"{kind.__name__} has no {name}"
            names = list(inspect.signature(wanted).parameters)
            assert list(inspect.signature(found).parameters)[: len(names)] == names
