"""A phone or emulator that is there already: found through adb, leased, awake.

Input: a `DeviceRequest` with `auto` or a serial. Output: a `ProvidedDevice` without a witness. The
user's adb server is used and left as it is; where none runs, a private one is started with the
user's key and ended with the run. Refused: several devices for `auto`, a device that is offline or
not authorised, and any wish about the internet, which is the real one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.clock import Clock, wait_until
from harness.detection.sighting import Identifier
from harness.device.adb import AdbServer, Listed
from harness.device.device import KEY_WAKEUP, Device
from harness.device.lease import Lease, lease
from harness.device.providers import AUTO, DEFAULT_INTERNET, DeviceRequest, identifiers
from harness.device.server import PrivateServer, start_for_phones, user_port
from harness.errors import LabError, ScenarioError
from harness.findings.coverage import Gap
from harness.traffic.exchange import Exchange

DISCOVERY_TIMEOUT_S = 5.0
BOOT_TIMEOUT_S = 60.0
LEASE_TIMEOUT_S = 10.0

_STATE_ADVICE = {
    "unauthorized": "unlock the phone and allow USB debugging from this computer",
    "authorizing": "unlock the phone and allow USB debugging from this computer",
    "offline": "replug it, or `adb reconnect`",
    "no permissions": "allow this user to use the USB device (udev rules)",
    "recovery": "boot Android",
    "bootloader": "boot Android",
    "absent": "look at `adb devices`; for a network device first `adb connect`",
}
"""adb's word for a state that is not `device` -> what to do."""


class Attached:
    """A leased phone or emulator."""

    name = "adb"

    def __init__(self, device: Device, held: Lease, own_server: PrivateServer | None) -> None:
        self.device = device
        self.serial = device.serial
        self.adb_port = device.adb.server.port
        self._held = held
        self._own_server = own_server
        self.capabilities = _capabilities(device)

    def witness_exchanges(self) -> tuple[Exchange, ...] | None:
        return None

    def witness_gaps(self) -> tuple[Gap, ...]:
        return ()

    def answered_by_default(self) -> frozenset[str]:
        return frozenset()

    def witness_down(self) -> str:
        return ""

    def use_internet(self, dirs: Sequence[Path]) -> None:
        """The device lives in the real internet; a scenario's canned answers are not for it."""

    def known_identifiers(self) -> tuple[Identifier, ...]:
        return identifiers(self.device)

    def close(self) -> None:
        self._held.close()
        if self._own_server is not None:
            self._own_server.close()


def open_attached(request: DeviceRequest, clock: Clock) -> Attached:
    """Find, lease and wake the device; see `providers.open_device`."""
    if request.internet != DEFAULT_INTERNET:
        raise ScenarioError(
            "--leak-internet is for the virtual device; this one is in the real internet",
            seen=f"--leak-device {request.device} --leak-internet {request.internet}",
            action="leave --leak-internet out, or use --leak-device virtual",
        )
    server = AdbServer(user_port())
    own = None if server.answers() else start_for_phones(clock)
    try:
        return _open(request, own.adb if own else server, own, clock)
    except BaseException:
        if own is not None:
            own.close()
        raise


def _open(
    request: DeviceRequest, server: AdbServer, own: PrivateServer | None, clock: Clock
) -> Attached:
    serial = choose(request.device, _listed(server, fresh=own is not None, clock=clock))
    held = lease(serial, server.port, clock, LEASE_TIMEOUT_S)
    try:
        device = Device(server.device(serial), Attached.name)
        _wait_for_boot(device, clock)
        device.keyevent(KEY_WAKEUP)
        device.shell(["wm", "dismiss-keyguard"])
        return Attached(device, held, own)
    except BaseException:
        held.close()
        raise


def _listed(server: AdbServer, *, fresh: bool, clock: Clock) -> tuple[Listed, ...]:
    """A server that was just started takes a moment to find what is plugged in."""
    if fresh:
        wait_until(clock, lambda: bool(server.devices()), DISCOVERY_TIMEOUT_S, 0.2)
    return server.devices()


def choose(wanted: str, listed: Sequence[Listed]) -> str:
    """The serial to use.

    Raises:
        LabError: it is not there or not usable, or `auto` has not exactly one to take.
    """
    shown = ", ".join(f"{item.serial} ({item.state})" for item in listed) or "no device"
    if wanted == AUTO:
        online = [item.serial for item in listed if item.state == "device"]
        if len(online) == 1:
            return online[0]
        raise LabError(
            "several devices are online" if online else "no device is online",
            where="--leak-device auto",
            seen=shown,
            expected="exactly one",
            action="name one: --leak-device SERIAL"
            if online
            else "plug in a phone, start an emulator, or use --leak-device virtual",
        )
    state = next((item.state for item in listed if item.serial == wanted), "absent")
    if state != "device":
        raise LabError(
            f"the device is {state}",
            where=f"--leak-device {wanted}",
            seen=shown,
            action=_STATE_ADVICE.get(state, "look at `adb devices -l`"),
        )
    return wanted


def _wait_for_boot(device: Device, clock: Clock) -> None:
    booted = ["getprop", "sys.boot_completed"]
    if not wait_until(
        clock, lambda: device.shell(booted).stdout.strip() == "1", BOOT_TIMEOUT_S, 0.5
    ):
        raise LabError(
            f"the device did not finish booting within {BOOT_TIMEOUT_S:g} s", where=device.serial
        )


def _capabilities(device: Device) -> frozenset[str]:
    found = set()
    if device.shell(["id", "-u"]).stdout.strip() == "0":
        found.add("root")
    if device.info.build_type in ("userdebug", "eng"):
        found.add("debug-all")
    return frozenset(found)
