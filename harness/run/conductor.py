"""Runs items one after another on one device and has each judged.

Input: a `Lab` (what a session put together) and, per item, a scenario and a cell. Output: a
`Result` per item; at the end the results whose verdict late traffic changed. The ledger is fed from
the agent and the witness after each item and once more at the end. Refuses to hide a failing lab:
a `LabError` becomes a fact of the item it hit, and the item is judged like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from harness.device.facts import AppFiles, AppInfo
from harness.errors import HarnessError, LabError
from harness.findings.coverage import Coverage
from harness.findings.facts import Outcome
from harness.findings.finding import Verdict
from harness.run.app import AppUnderTest
from harness.run.artifacts import EventLog, Keep, Snapshot, item_folder, look, read_log, record
from harness.run.events import Event, EventSink
from harness.run.lab import Lab, Result
from harness.run.matrix import Cell
from harness.run.play import Play, scope_of
from harness.run.ports import DevicePort, World
from harness.run.runner import play_item
from harness.scenario.model import Scenario
from harness.traffic.exchange import Exchange
from harness.traffic.redaction import Redactor

__all__ = ["Conductor", "Lab", "OpenItem", "Result"]


class Conductor:
    """See the module's docstring."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.results: list[Result] = []
        self._apps: dict[str, AppUnderTest] = {}
        self._sink: EventSink = _nowhere
        self._attempts: dict[str, int] = {}
        self._world = World(lab.device, lab.screen, lab.hands, lab.clock, self._emit)

    def run(self, test: str, scenario: Scenario, cell: Cell) -> Result:
        """Play one item, judge it, keep what belongs to it."""
        with self.item(test, scenario, cell) as item:
            play_item(item.play, item.id, item.look)
        return item.result

    @contextmanager
    def item(self, test: str, scenario: Scenario, cell: Cell) -> Iterator[OpenItem]:
        """An item for the time of a block, whose `result` is there once the block has ended.

        A `HarnessError` that leaves the block becomes a fact of the item; any other exception goes
        on, after the item has been judged as one whose steps failed.
        """
        item = self._open(test, scenario, cell)
        try:
            yield item
        except HarnessError as error:
            item.play.failed.append(" ".join(str(error).split()))
        except BaseException as error:
            item.play.failed.append(f"the run was cut short by {type(error).__name__}")
            raise
        finally:
            self._close(item)
            self._sink = _nowhere

    def attempts(self, test: str) -> tuple[Result, ...]:
        """All results of one test, in order."""
        return tuple(result for result in self.results if result.test == test)

    def finish(self) -> tuple[Result, ...]:
        """End of the session: take what was sent late, and return the results it changed."""
        for app in self._apps.values():
            app.leave()
            self.lab.ledger.add(app.drain())
        self._add_witness()
        now = {revision.item: revision.now for revision in self.lab.ledger.revisions()}
        for index, result in enumerate(self.results):
            if result.id in now:
                facts = self.lab.ledger.facts(result.id)
                judgement = self.lab.reference.review(result.file, facts, now[result.id])
                self.results[index] = replace(result, facts=facts, judgement=judgement)
                self.lab.on_result(self.results[index])
        return tuple(result for result in self.results if result.id in now)

    def _emit(self, event: Event) -> None:
        self._sink(event)

    def _open(self, test: str, scenario: Scenario, cell: Cell) -> OpenItem:
        lab = self.lab
        scope = scope_of(scenario, cell.term, lab.values)
        package = scope.expand(scenario.app_id)
        attempt = self._attempts[test] = self._attempts.get(test, 0) + 1
        item = test if attempt == 1 else f"{test}#{attempt}"
        folder = item_folder(lab.output, item)
        self._sink = EventLog(folder / "events.jsonl")
        app = self._app(package)
        lab.ledger.open_item(
            item,
            cell.term,
            package=package,
            check=replace(scenario.leak_check, accepted=lab.reference.accepted(package)),
            attributor=lab.attributor(package, scenario.leak_check),
            started_s=lab.clock.wall(),
            consent=cell.consent.value,
        )
        play = Play(self._world, app, scenario, cell, scope, folder)
        return OpenItem(item, test, play, lab.device, lab.keep)

    def _app(self, package: str) -> AppUnderTest:
        """The app of this package; the others are left, so that they cannot send beside it."""
        for other, app in self._apps.items():
            if other != package and app.session is not None:
                app.stop()
                self.lab.ledger.add(app.drain())
        app = self._apps.setdefault(package, AppUnderTest(self._world, package))
        self.lab.ledger.add(app.drain())
        app.reset()
        return app

    def _close(self, item: OpenItem) -> None:
        play, lab = item.play, self.lab
        if play.typed_s is not None:
            lab.ledger.typing(item.id, play.typed_s)
        lab.ledger.add(play.app.drain())
        self._add_witness()
        self._add_files(play)
        judgement = lab.ledger.close_item(item.id, lab.clock.wall(), _outcome(play))
        facts = lab.ledger.facts(item.id)
        judgement = lab.reference.review(str(play.scenario.path), facts, judgement)
        item.record([each.exchange for each in facts.judged], lab.redactor)
        if lab.keep == "on" or judgement.verdict is not Verdict.PASS:
            item.write()
        item.result = Result(
            id=item.id,
            test=item.test,
            file=str(play.scenario.path),
            cell=play.cell,
            name=play.scenario.name,
            app=_app_info(lab.device, play.app.package),
            device=lab.device.info,
            folder=play.folder,
            facts=facts,
            judgement=judgement,
            first=judgement.verdict,
        )
        self.results.append(item.result)
        lab.on_result(item.result)

    def _add_files(self, play: Play) -> None:
        """What the app wrote since the typing; a device that will not show it is a note."""
        if play.typed_s is None:
            return
        package = play.app.package
        try:
            found = self.lab.device.app_files(package, play.typed_s + play.device_ahead_s)
        except LabError as error:
            found = AppFiles(refused=error.what)
        if found.refused:
            play.notes.append(
                "the app's files could not be searched for what waits to be sent"
                f" ({found.refused}): install a debuggable build, or use a rooted device"
            )
        play.notes += [f"not searched: {clause}" for clause in found.unread]
        self.lab.ledger.add_files(found.files, package)

    def _add_witness(self) -> None:
        witness = self.lab.witness
        seen = witness.witness_exchanges()
        if seen is not None:
            self.lab.ledger.add_witness(
                seen,
                gaps=witness.witness_gaps(),
                down=witness.witness_down(),
                by_default=witness.answered_by_default(),
            )


@dataclass
class OpenItem:
    """An item that is being played."""

    id: str
    test: str
    play: Play
    device: DevicePort
    keep_rule: Keep
    result: Result = field(init=False)
    _snapshot: Snapshot | None = None

    def look(self) -> None:
        """Remember what the device shows now; the first look counts, where a step failed."""
        if self._snapshot is None and self.keep_rule != "off":
            self._snapshot = look(self.device, self.play.scope.mask)
            self.play.notes += self._snapshot.notes

    def record(self, exchanges: Iterable[Exchange], redactor: Redactor | None) -> None:
        """Keep the exchanges, whatever the verdict: a pass rests on them."""
        if redactor is not None:
            record(self.play.folder / "exchanges.jsonl", exchanges, redactor)

    def write(self) -> None:
        """Keep what was looked at and the app's log."""
        if self.keep_rule == "off":
            return
        folder, mask = self.play.folder, self.play.scope.mask
        self.look()
        if self._snapshot is not None:
            self._snapshot.write(folder)
        read_log(self.device, self.play.app.pid, mask).write(folder)


def _outcome(play: Play) -> Outcome:
    coverage: Coverage = play.app.coverage([*play.warned, *play.notes])
    detail = "; ".join(play.unconfirmed)
    if play.typed_s is None:
        detail = "no step typed the term"
    return Outcome(
        typing_confirmed=play.typing_confirmed,
        typing_detail=detail,
        failed_steps=tuple(play.failed),
        crashed=play.scope.mask(play.crash),
        coverage=coverage,
        asserted_leaks=tuple(play.asserted),
    )


def _app_info(device: DevicePort, package: str) -> AppInfo | None:
    try:
        return device.app_info(package)
    except LabError:
        return None  # the report then says that nothing is known of the app


def _nowhere(event: Event) -> None:
    """Events between two items belong to none."""
