"""A lab around the fake phone with the real ledger, scanner and attribution."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from harness.attribution.catalogue import Catalogue
from harness.attribution.parties import Attributor
from harness.detection.engine import Engine
from harness.device.screen import Screen
from harness.run.conductor import Conductor, Lab
from harness.run.matrix import cells
from harness.run.ports import ScreenPort
from harness.scenario.model import Scenario
from harness.scenario.reader import read_scenario
from harness.traffic.ledger import Ledger
from harness.traffic.redaction import Redactor
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Faults, Hands, Phone, Provider
from tests.run.stage import HEADER, SEARCH

TERMS = ("hépatite", "cancer")


@dataclass
class Bench:
    phone: Phone
    clock: FakeClock
    conductor: Conductor
    scenario: Scenario

    def search(self, index: int = 0, test: str = "") -> object:
        cell = cells(self.scenario)[index]
        return self.conductor.run(test or f"a[{cell.label}]", self.scenario, cell)


def bench(
    folder: Path,
    steps: str = SEARCH,
    *,
    keep: str = "only-on-failure",
    redactor: Redactor | None = None,
    **faults: object,
) -> Bench:
    clock = FakeClock()
    phone = Phone(clock, Faults(**faults))  # type: ignore[arg-type]  # named as its fields
    header = HEADER.replace("[hépatite]", f"[{', '.join(TERMS)}]")
    scenario = read_scenario(f"{header}---\n{steps}", Path("a.flow.yaml"))
    catalogue = Catalogue.load()
    lab = Lab(
        device=phone,
        screen=cast(ScreenPort, Screen(phone, clock)),
        hands=Hands(phone),
        clock=clock,
        witness=Provider(phone),
        ledger=Ledger(Engine(TERMS), catalogue),
        attributor=lambda package, check: Attributor(
            catalogue, [entry.host for entry in check.allow], package
        ),
        output=folder,
        keep=keep,  # type: ignore[arg-type]  # one of the words
        redactor=redactor,
    )
    return Bench(phone, clock, Conductor(lab), scenario)
