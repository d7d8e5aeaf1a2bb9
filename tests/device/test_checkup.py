"""Against a scripted device behind the real adb server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.clock import SystemClock, wait_until
from harness.device.checkup import Check, check_device
from harness.device.server import PrivateServer
from harness.errors import LabError
from tests.device.scripted import Output, ScriptedDevice, Table

GOOD: Table = {
    "getprop": (
        "[ro.build.version.sdk]: [34]\n[ro.build.version.release]: [14]\n"
        "[ro.product.model]: [sdk]\n[ro.product.cpu.abi]: [x86_64]\n[ro.build.type]: [userdebug]\n",
        "",
        0,
    ),
    "getprop sys.boot_completed": ("1\n", "", 0),
    "id -u": ("2000\n", "", 0),
    "settings get global": ("0\n", "", 0),
}
OLD: dict[str, Output] = {
    "getprop": (
        "[ro.build.version.sdk]: [23]\n[ro.product.cpu.abi]: [mips]\n[ro.build.type]: [user]\n",
        "",
        0,
    ),
    "getprop sys.boot_completed": ("\n", "", 0),
    "settings get global": ("1\n", "", 0),
    "id -u": ("2000\n", "", 0),
}


def _no_frida(serial: str, port: int) -> str:
    raise LabError("Frida cannot talk to the device", seen="refused", action="start frida-server")


@pytest.fixture
def check(
    adb_server: PrivateServer, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[PrivateServer, str]]:
    scripted = ScriptedDevice(request.param, tmp_path)
    adb_server.adb.connect(scripted.serial)
    adb = adb_server.adb.device(scripted.serial)
    assert wait_until(SystemClock(), lambda: adb.state() == "device", 10)
    yield adb_server, scripted.serial
    adb_server.adb.disconnect(scripted.serial)
    scripted.close()


def _by_name(checks: list[Check]) -> dict[str, str]:
    assert all(bool(check.remedy) is (check.state != "ok") for check in checks)
    return {check.name: check.state for check in checks}


@pytest.mark.parametrize("check", [GOOD], indirect=True)
def test_a_good_device(check: tuple[PrivateServer, str]) -> None:
    server, serial = check
    states = _by_name(check_device(server.adb, serial, "", lambda serial, port: "frida-server"))
    assert set(states.values()) == {"ok"}
    assert list(states) == ["device state", "boot", "Android", "privileges", "animations", "Frida"]


@pytest.mark.parametrize("check", [OLD], indirect=True)
def test_a_bad_device(check: tuple[PrivateServer, str]) -> None:
    server, serial = check
    states = _by_name(check_device(server.adb, serial, "org.example.app", _no_frida))
    assert states == {
        "device state": "ok",
        "boot": "fail",
        "Android": "fail",
        "privileges": "note",
        "animations": "note",
        "Frida": "fail",
        "app": "fail",
    }


def test_a_device_that_is_not_there(adb_server: PrivateServer) -> None:
    checks = check_device(adb_server.adb, "nobody", "", _no_frida)
    assert [(check.name, check.state) for check in checks] == [("device state", "fail")]
