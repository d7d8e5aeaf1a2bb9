"""Choosing a device, and holding one through the real adb server."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.clock import SystemClock, wait_until
from harness.device.adb import Listed
from harness.device.attached import choose, open_attached
from harness.device.lease import try_lease
from harness.device.providers import DeviceRequest, open_device
from harness.device.server import PrivateServer
from harness.errors import LabError, ScenarioError
from tests.device.scripted import FakeClock, ScriptedDevice, Table

ONE = Listed("emulator-5554", "device", "sdk")
TWO = Listed("R5CT", "device", "SM")
LOCKED = Listed("LOCK", "unauthorized", "")

PHONE: Table = {
    "getprop": ("[ro.build.type]: [userdebug]\n", "", 0),
    "getprop sys.boot_completed": ("1\n", "", 0),
    "getprop ro.serialno": ("R5CT1234\n", "", 0),
    "settings get secure android_id": ("9774d56d682e549c\n", "", 0),
    "input keyevent 224": ("", "", 0),
    "wm dismiss-keyguard": ("", "", 0),
    "id -u": ("2000\n", "", 0),
}


def test_auto_takes_the_only_one() -> None:
    assert choose("auto", [LOCKED, ONE]) == "emulator-5554"
    assert choose("R5CT", [ONE, TWO]) == "R5CT"


@pytest.mark.parametrize(
    ("wanted", "listed", "what", "action"),
    [
        ("auto", [], "no device is online", "--leak-device virtual"),
        ("auto", [LOCKED], "no device is online", "--leak-device virtual"),
        ("auto", [ONE, TWO], "several devices are online", "name one"),
        ("LOCK", [ONE, LOCKED], "the device is unauthorized", "allow USB debugging"),
        ("nobody", [ONE], "the device is absent", "adb devices"),
    ],
)
def test_says_what_is_there_and_what_to_do(
    wanted: str, listed: list[Listed], what: str, action: str
) -> None:
    with pytest.raises(LabError, match=what) as caught:
        choose(wanted, listed)
    assert action in caught.value.action
    assert all(item.serial in caught.value.seen for item in listed)


@pytest.mark.parametrize("internet", ["live", "some/folder"])
def test_the_internet_of_a_phone_is_real(internet: str) -> None:
    with pytest.raises(ScenarioError, match="--leak-internet is for the virtual device"):
        open_device(DeviceRequest("auto", internet=internet), FakeClock())


def test_holds_a_device_and_gives_it_back(
    adb_server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted = ScriptedDevice(PHONE, tmp_path)
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(adb_server.port))
    clock = SystemClock()
    try:
        adb_server.adb.connect(scripted.serial)
        adb = adb_server.adb.device(scripted.serial)
        assert wait_until(clock, lambda: adb.state() == "device", 10)
        held = open_attached(DeviceRequest("auto"), clock)
        assert (held.serial, held.adb_port, held.name) == (scripted.serial, adb_server.port, "adb")
        assert held.capabilities == {"debug-all"}
        assert held.witness_exchanges() is None
        assert [(i.kind, i.value, i.exact) for i in held.known_identifiers()] == [
            ("android-id", "9774d56d682e549c", True),
            ("serial-number", "R5CT1234", True),
        ]
        assert try_lease(held.serial, held.adb_port) is None
        held.close()
        again = try_lease(held.serial, held.adb_port)
        assert again is not None
        again.close()
        assert adb_server.adb.answers(), "the user's server is left as it is"
        adb_server.adb.disconnect(scripted.serial)
    finally:
        scripted.close()
