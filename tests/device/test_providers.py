from __future__ import annotations

from typing import cast

import pytest

from harness.device import attached
from harness.device.adb import Adb
from harness.device.device import Device
from harness.device.providers import DeviceRequest, identifiers, open_device
from harness.virtual import provider
from tests.device.scripted import FakeClock, TableAdb


@pytest.mark.parametrize(
    ("device", "opened"), [("virtual", "virtual"), ("auto", "adb"), ("emulator-5554", "adb")]
)
def test_names_lead_to_their_provider(
    device: str, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "open_virtual", lambda request, clock: "virtual")
    monkeypatch.setattr(attached, "open_attached", lambda request, clock: "adb")
    found: object = open_device(DeviceRequest(device), FakeClock())
    assert found == opened


def test_identifiers_that_say_nothing_are_left_out() -> None:
    adb = TableAdb({"settings get": ("null\n", "", 0), "getprop": ("unknown\n", "", 0)})
    assert identifiers(Device(cast(Adb, adb), "adb")) == ()
    short = TableAdb({"settings get": ("abc\n", "", 0), "getprop": ("\n", "", 0)})
    assert identifiers(Device(cast(Adb, short), "adb")) == ()
