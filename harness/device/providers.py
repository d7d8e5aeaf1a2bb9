"""The one registry that turns `--leak-device` into a device.

Input: a `DeviceRequest`. Output: a `ProvidedDevice`: a serial behind an adb server, what it can do,
and its witness if it has one. Names: `virtual` (the embedded device, started for this run), `auto`
(the one device that is online) and anything else, which is a serial. A phone or emulator is leased
for as long as it is held. Refused: canned answers or `live` for a device that lives in the real
internet; guessing among several devices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harness.clock import Clock
from harness.detection.sighting import Identifier
from harness.device.device import Device
from harness.findings.coverage import Gap
from harness.traffic.exchange import Exchange

VIRTUAL = "virtual"
AUTO = "auto"
DEFAULT_INTERNET = "default"
LIVE_INTERNET = "live"


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """What a run wants.

    Attributes:
        device: `virtual`, `auto` or a serial.
        internet: `default`, `live` or a folder of answers that come before a scenario's own.
        scenario_internet: folders of answers beside scenario files, for the start.
        output_dir: where a device may leave files of this run.
        locale: BCP 47 tag that a virtual device gets.
    """

    device: str
    internet: str = DEFAULT_INTERNET
    scenario_internet: tuple[Path, ...] = ()
    output_dir: Path = Path("leak-results")
    locale: str = "de-DE"


class ProvidedDevice(Protocol):
    """A device that is held for a run.

    Attributes:
        name: of the provider, `virtual` or `adb`.
        capabilities: some of `witness`, `internet`, `root`, `debug-all`.
    """

    @property
    def name(self) -> str: ...
    @property
    def serial(self) -> str: ...
    @property
    def adb_port(self) -> int: ...
    @property
    def device(self) -> Device: ...
    @property
    def capabilities(self) -> frozenset[str]: ...

    def witness_exchanges(self) -> tuple[Exchange, ...] | None:
        """All that the witness has seen so far; None when there is no witness."""

    def witness_gaps(self) -> tuple[Gap, ...]:
        """Connections that the witness saw but could not read."""

    def answered_by_default(self) -> frozenset[str]:
        """Hosts whose requests the device answered itself without an answer written for them."""

    def witness_down(self) -> str:
        """Why the witness does not see everything any more; empty while it does."""

    def use_internet(self, dirs: Sequence[Path]) -> None:
        """Answer from a scenario's folders from now on; nothing happens in the real internet."""

    def known_identifiers(self) -> tuple[Identifier, ...]:
        """Identifiers of the device that the harness can read, to be searched exactly."""

    def close(self) -> None:
        """Give the device back; never raises."""


def open_device(request: DeviceRequest, clock: Clock) -> ProvidedDevice:
    """Find or start the device and wait until it is usable.

    Raises:
        ScenarioError: the request makes no sense for this device.
        LabError: there is no such device, it is taken, or it does not come up.
    """
    if request.device == VIRTUAL:
        from harness.virtual.provider import open_virtual

        return open_virtual(request, clock)
    from harness.device.attached import open_attached

    return open_attached(request, clock)


def identifiers(device: Device) -> tuple[Identifier, ...]:
    """Android's own identifiers, as far as the shell may read them."""
    settings = ["settings", "get", "secure", "android_id"]
    found = {
        "android-id": device.shell(settings).stdout.strip(),
        "serial-number": device.shell(["getprop", "ro.serialno"]).stdout.strip(),
    }
    return tuple(
        Identifier(kind, value, location="", exact=True)
        for kind, value in found.items()
        if value not in ("", "null", "unknown") and len(value) >= 6
    )
