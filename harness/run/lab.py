"""What a conductor works with, and what it hands on: the lab's parts and the results.

Input: nothing. Output: contracts and frozen values; `harness.run.conductor` uses them. The defaults
keep nothing and compare with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from harness.clock import Clock
from harness.device.facts import AppInfo, DeviceInfo
from harness.findings.acceptance import Acceptance
from harness.findings.coverage import Gap
from harness.findings.expectations import LeakCheck
from harness.findings.facts import ItemFacts
from harness.findings.finding import Judgement, Verdict
from harness.run.artifacts import Keep
from harness.run.matrix import Cell
from harness.run.play import Values
from harness.run.ports import DevicePort, HandsPort, ScreenPort
from harness.traffic.exchange import Exchange
from harness.traffic.ledger import Ledger
from harness.traffic.ports import Attributes
from harness.traffic.redaction import Redactor


class Witness(Protocol):
    """The device's own record of what left it, where there is one."""

    def witness_exchanges(self) -> tuple[Exchange, ...] | None: ...
    def witness_gaps(self) -> Sequence[Gap]: ...
    def answered_by_default(self) -> frozenset[str]: ...
    def witness_down(self) -> str: ...


class Reference(Protocol):
    """What earlier versions of the app did; `harness.baseline.review` has it."""

    def accepted(self, package: str) -> tuple[Acceptance, ...]:
        """Findings that the app's baseline accepts."""

    def review(self, file: str, facts: ItemFacts, judgement: Judgement) -> Judgement:
        """The judgement with what is new since then."""


class NoReference:
    """Nothing is known of earlier versions."""

    def accepted(self, package: str) -> tuple[Acceptance, ...]:
        return ()

    def review(self, file: str, facts: ItemFacts, judgement: Judgement) -> Judgement:
        return judgement


AttributorMaker = Callable[[str, LeakCheck], Attributes]
"""Package and leak check -> who says whose an exchange is."""


@dataclass(frozen=True, slots=True)
class Result:
    """One item that was run; `facts` and `judgement` are as of the last look at the ledger.

    Attributes:
        id: the item's id in the ledger: the test's id, with `#2` and so on for later attempts.
        test: the test's id; the attempts of one test share it.
        app: None when the app could not be asked.
        folder: where its artifacts are.
        first: the verdict that was told when the item closed.
    """

    id: str
    test: str
    file: str
    cell: Cell
    name: str
    app: AppInfo | None
    device: DeviceInfo
    folder: Path
    facts: ItemFacts
    judgement: Judgement
    first: Verdict


def nowhere(result: Result) -> None:
    """Keeps nothing: what a session without a store hands its results to."""


@dataclass(frozen=True, slots=True)
class Lab:
    """What a session put together; the conductor owns none of it.

    Attributes:
        redactor: for the exchanges that are kept of an item; without one none are.
        on_result: is told of each item once it is judged, and again when it is judged anew.
        reference: what each item is compared with.
    """

    device: DevicePort
    screen: ScreenPort
    hands: HandsPort
    clock: Clock
    witness: Witness
    ledger: Ledger
    attributor: AttributorMaker
    output: Path
    keep: Keep = "only-on-failure"
    redactor: Redactor | None = None
    values: Values = field(default_factory=Values)
    on_result: Callable[[Result], None] = nowhere
    reference: Reference = field(default_factory=NoReference)
