"""A play on the fake phone, with the device room's real screen and a clock moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from harness.device.screen import Screen
from harness.run.app import AppUnderTest
from harness.run.events import Event
from harness.run.matrix import Cell, cells
from harness.run.play import Play, Values, scope_of
from harness.run.ports import ScreenPort, World
from harness.run.runner import play_item
from harness.scenario.reader import Given, read_scenario
from tests.fakes.clock import FakeClock
from tests.fakes.phone import PACKAGE, Faults, Hands, Phone

HEADER = f"""\
appId: {PACKAGE}
terms: [hépatite]
consent: accepted
leakCheck: {{allow: [clinic.example], settleMs: 2000}}
"""

SEARCH = """\
- launchApp: {clearState: true}
- acceptConsent
- tapOn: {id: search_field}
- inputTerm
- submitSearch
- assertVisible: "Ergebnisse.*"
- assertNoLeak
"""


@dataclass
class Stage:
    """What a test looks at after a play."""

    phone: Phone
    clock: FakeClock
    play: Play
    events: list[Event] = field(default_factory=list)

    def run(self) -> Stage:
        play_item(self.play, "item")
        return self

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def stage(
    steps: str = SEARCH,
    *,
    header: str = HEADER,
    folder: Path = Path("unused"),
    cell: int = 0,
    environment: dict[str, str] | None = None,
    faults: Faults | None = None,
    load: dict[str, str] | None = None,
) -> Stage:
    clock = FakeClock()
    phone = Phone(clock, faults or Faults())
    given = Given(environment=environment or {})
    scenario = read_scenario(
        f"{header}---\n{steps}",
        Path("a.flow.yaml"),
        given,
        load=lambda path: (load or {})[str(path)],
    )
    events: list[Event] = []
    screen = cast(ScreenPort, Screen(phone, clock))
    world = World(phone, screen, Hands(phone), clock, events.append)
    chosen: Cell = cells(scenario)[cell]
    scope = scope_of(scenario, chosen.term, Values(environment=environment or {}))
    play = Play(world, AppUnderTest(world, PACKAGE), scenario, chosen, scope, folder)
    return Stage(phone, clock, play, events)


def launched(steps: str, **options: object) -> Stage:
    """The same with the app started, its dialog answered and its field tapped."""
    before = "- launchApp: {clearState: true}\n- acceptConsent\n- tapOn: {id: search_field}\n"
    return stage(before + steps, **options).run()  # type: ignore[arg-type]  # handed through
