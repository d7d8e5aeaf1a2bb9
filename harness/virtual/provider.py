"""The virtual device as one provider of `harness.device.providers`.

Input: a `DeviceRequest`. Output: a device started for this run behind a private adb server, with
the virtual internet as its witness. It ends with this process, however that ends. Refused: nothing
of its own; wrong answer files and a device that does not boot are errors of the rooms below.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.clock import Clock, wait_until
from harness.detection.sighting import Identifier
from harness.device.device import Device
from harness.device.providers import (
    DEFAULT_INTERNET,
    LIVE_INTERNET,
    VIRTUAL,
    DeviceRequest,
    identifiers,
)
from harness.device.server import PrivateServer, start_blind
from harness.errors import HarnessError, LabError
from harness.findings.coverage import Gap
from harness.traffic.exchange import Exchange
from harness.traffic.witness import WitnessRecord
from harness.virtual.daemon import VirtualDevice, start_device, stop_device
from harness.virtual.internet import LIVE_WARNING, switch_answers

ONLINE_TIMEOUT_S = 20.0

log = logging.getLogger(__name__)


class Embedded:
    """A running virtual device that belongs to this process."""

    name = VIRTUAL
    capabilities = frozenset({"witness", "internet", "root", "debug-all"})

    def __init__(
        self, machine: VirtualDevice, server: PrivateServer, first: Sequence[Path], *, live: bool
    ) -> None:
        self._machine = machine
        self._server = server
        self._first = tuple(first)
        self._live = live
        self._record = WitnessRecord(machine.record)
        self.serial = machine.serial
        self.adb_port = server.port
        self.device = Device(server.adb.device(machine.serial), VIRTUAL)

    def witness_exchanges(self) -> tuple[Exchange, ...] | None:
        self._record.poll()
        return self._record.exchanges()

    def witness_gaps(self) -> tuple[Gap, ...]:
        self._record.poll()
        return self._record.gaps()

    def answered_by_default(self) -> frozenset[str]:
        self._record.poll()
        return self._record.by_default()

    def witness_down(self) -> str:
        """The record ends with the process that writes it; partial where apps are not held."""
        if not Path(f"/proc/{self._machine.internet_pid}").exists():
            return "the virtual internet has ended"
        return self._record.uncontained()

    def use_internet(self, dirs: Sequence[Path]) -> None:
        """Answer from the folder of `--leak-internet`, then from `dirs`; no effect when live."""
        if not self._live:
            switch_answers(self._machine.record, [*self._first, *dirs])

    def known_identifiers(self) -> tuple[Identifier, ...]:
        return identifiers(self.device)

    def close(self) -> None:
        self._server.close()
        try:
            stop_device(self.serial)
        except HarnessError as error:
            log.warning("the virtual device did not stop by itself: %s", error)


def open_virtual(request: DeviceRequest, clock: Clock) -> Embedded:
    """Start a device and wait until adb sees it booted; see `providers.open_device`."""
    live = request.internet == LIVE_INTERNET
    first = [] if live or request.internet == DEFAULT_INTERNET else [Path(request.internet)]
    if live:
        sys.stderr.write(f"leak-harness: warning: {LIVE_WARNING}\n")
    answers: Sequence[Path] | str = [*first, *request.scenario_internet]
    machine = start_device(
        internet=LIVE_INTERNET if live else answers, owner_pid=os.getpid(), locale=request.locale
    )
    try:
        server = start_blind(clock)
        held = Embedded(machine, server, first, live=live)
        try:
            _wait_for_boot(held, clock)
        except BaseException:
            server.close()
            raise
    except BaseException:
        stop_device(machine.serial)
        raise
    return held


def _wait_for_boot(held: Embedded, clock: Clock) -> None:
    adb = held.device.adb
    adb.server.connect(held.serial)

    def booted() -> bool:
        if adb.state() != "device":
            return False
        return adb.shell(["getprop", "sys.boot_completed"]).stdout.strip() == "1"

    if not wait_until(clock, booted, ONLINE_TIMEOUT_S):
        raise LabError(
            "the virtual device does not come online",
            where=held.serial,
            seen=adb.state(),
            action="`leak-harness doctor`",
        )
