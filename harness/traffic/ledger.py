"""The ledger: every exchange of a session, whose it is, and what that means for each item.

Input: exchanges as the agents and the witness report them (any number of times, in any order), the
moments at which items open, type and close, and at the close the run's own facts (`Outcome`).
Output: `ItemFacts` and `Judgement` per item, and at the end the items whose judgement changed
because something was sent late.

Use, by the run:

    ledger = Ledger(Engine(all_terms), Catalogue.load())
    ledger.open_item("search[hépatite]", "hépatite", package=..., check=..., attributor=...,
                     started_s=clock.wall())
    ledger.typing("search[hépatite]", clock.wall())        # just before the first character
    ledger.add(session.exchanges())                         # as often as convenient
    ledger.add_witness(device.witness_exchanges(), gaps=...)
    judgement = ledger.close_item("search[hépatite]", clock.wall(), Outcome(...))
    ...
    for revision in ledger.revisions(): ...                 # once more, at the end of the session

Whose an exchange is: the item in whose window its time falls, else the item that was open when it
arrived. Whose a sighting is: the item that last began to type that term before the exchange. A
second attempt is an item of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import inf

from harness.device.facts import AppFile
from harness.errors import BugError
from harness.findings.carriers import open_ended
from harness.findings.coverage import Coverage, Gap, LayerState, Queued
from harness.findings.expectations import LeakCheck
from harness.findings.facts import ItemFacts, Outcome, ScannedExchange, proxied_for
from harness.findings.finding import Judgement
from harness.findings.sorting import CLOCK_SLACK_S
from harness.findings.verdict import judge
from harness.traffic.exchange import Exchange, Layer
from harness.traffic.observed import completed
from harness.traffic.pool import Entry, Pool
from harness.traffic.ports import Attributes, Known, Scanner
from harness.traffic.stored import waiting


@dataclass(frozen=True, slots=True)
class Revision:
    """An item whose judgement is no longer the one it closed with."""

    item: str
    first: Judgement
    now: Judgement


@dataclass(slots=True)
class _Item:
    """An item's own record; `ended_s` is infinite while it is open."""

    id: str
    position: int
    term: str
    package: str
    consent: str
    check: LeakCheck
    attributor: Attributes
    started_s: float
    typed_s: float | None = None
    ended_s: float = inf
    outcome: Outcome = field(default_factory=lambda: Outcome(typing_confirmed=False))
    judgement: Judgement | None = None

    def typed_before(self, at_s: float) -> bool:
        """Whether the typing came first, within the slack; never before the item itself."""
        if self.typed_s is None:
            return False
        return at_s >= max(self.started_s, self.typed_s - CLOCK_SLACK_S)


class Ledger:
    """See the module's docstring.

    Args:
        scanner: finds the terms of the whole session in an exchange.
        catalogue: knows the SDKs by their ids.
    """

    def __init__(self, scanner: Scanner, catalogue: Known) -> None:
        self._pool = Pool(scanner)
        self._scanner = scanner
        self._catalogue = catalogue
        self._items: dict[str, _Item] = {}
        self._in_order: list[_Item] = []
        self._by_term: dict[str, list[_Item]] = {}
        self._current = ""
        self._witness: LayerState | None = None
        self._witness_gaps: dict[Gap, str] = {}
        self._by_default: set[str] = set()
        self._queued: dict[str, dict[Queued, None]] = {}

    def open_item(
        self,
        item: str,
        term: str,
        *,
        package: str,
        check: LeakCheck,
        attributor: Attributes,
        started_s: float,
        consent: str = "",
    ) -> None:
        """Begin an item; what arrives from now on belongs to it unless its time says otherwise.

        Raises:
            BugError: an item of this id is known already.
        """
        if item in self._items:
            raise BugError(f"item {item!r} was opened twice", expected="one id per attempt")
        position = len(self._items)
        self._items[item] = _Item(
            item, position, term, package, consent, check, attributor, started_s
        )
        self._in_order.append(self._items[item])
        self._by_term.setdefault(term, []).append(self._items[item])
        self._current = item

    def typing(self, item: str, at_s: float) -> None:
        """Typing of the term begins now; the first call counts.

        Raises:
            BugError: the item was never opened.
        """
        row = self._item(item)
        if row.typed_s is None:
            row.typed_s = at_s

    def add(self, exchanges: Iterable[Exchange]) -> None:
        """Take the hooks' view; an exchange that is known by its id replaces the earlier state."""
        self._pool.add(exchanges, self._current)

    def add_witness(
        self,
        exchanges: Iterable[Exchange],
        *,
        gaps: Iterable[Gap] = (),
        down: str = "",
        by_default: Iterable[str] = (),
    ) -> None:
        """Take the witness's view; calling this at all says that there should be a witness.

        Args:
            gaps: connections that it could not read; those told before may be among them.
            down: why it does not run any more; empty while it does.
            by_default: hosts that got an answer which nobody wrote for them.
        """
        self._pool.add_witness(exchanges, self._current)
        for gap in gaps:
            self._witness_gaps.setdefault(gap, self._current)
        self._by_default |= set(by_default)
        seen = self._pool.witnessed
        self._witness = LayerState(
            Layer.WITNESS, installed=not down, fired=seen, proved=seen > 0, detail=down
        )

    def add_files(self, files: Iterable[AppFile], package: str) -> None:
        """Take files of the app; a term in one of them waits there, unsent, for its typist."""
        for each in waiting(files, self._scanner, self._catalogue, package):
            typists = [row for row in self._by_term.get(each.term, ()) if row.typed_s is not None]
            if typists:
                self._queued.setdefault(typists[-1].id, {})[each.queued] = None

    def close_item(self, item: str, ended_s: float, outcome: Outcome) -> Judgement:
        """End the item's window and judge it; what agents and witness hold must be added before.

        Raises:
            BugError: the item was never opened.
        """
        row = self._item(item)
        row.ended_s, row.outcome = ended_s, outcome
        row.judgement = judge(self.facts(item))
        return row.judgement

    def revisions(self) -> tuple[Revision, ...]:
        """Closed items that later exchanges judge otherwise, in the order they were opened."""
        closed = [(row, row.judgement) for row in self._items.values() if row.judgement is not None]
        judged = [(row.id, first, judge(self.facts(row.id))) for row, first in closed]
        return tuple(Revision(*each) for each in judged if each[1] != each[2])

    def facts(self, item: str) -> ItemFacts:
        """All that is known about an item by now.

        Raises:
            BugError: the item was never opened.
        """
        row = self._item(item)
        outcome = row.outcome
        judged = self._judged(row)
        times = (row.typed_s or row.started_s, *(each.exchange.started_s for each in judged))
        ended_s = row.ended_s if row.ended_s < inf else max(times)
        return ItemFacts(
            item=row.id,
            term=row.term,
            package=row.package,
            started_s=row.started_s,
            typed_s=row.typed_s,
            ended_s=ended_s,
            check=row.check,
            judged=judged,
            coverage=self._coverage(row, judged),
            other_terms=tuple(sorted(set(self._by_term) - {row.term})),
            consent=row.consent,
            typing_confirmed=outcome.typing_confirmed,
            typing_detail=outcome.typing_detail,
            failed_steps=outcome.failed_steps,
            crashed=outcome.crashed,
            asserted_leaks=outcome.asserted_leaks,
        )

    # ---- whose is it ----------------------------------------------------------------------

    def _item(self, item: str) -> _Item:
        try:
            return self._items[item]
        except KeyError:
            raise BugError(f"item {item!r} was never opened") from None

    def _judged(self, row: _Item) -> tuple[ScannedExchange, ...]:
        """The exchanges of the item's window, and others that sent its term (not: got it back)."""
        found = []
        for entry in self._pool.entries():
            sightings = tuple(
                each for each in entry.scan.sightings if self._typist(each.term, entry) is row
            )
            sent = not all(each.in_response for each in sightings)
            if sent or self._window_of(entry) is row:
                scan = replace(entry.scan, sightings=sightings)
                found.append(self._scanned(row, replace(entry, scan=scan)))
        return tuple(found)

    def _scanned(self, row: _Item, entry: Entry) -> ScannedExchange:
        recipient = row.attributor.recipient(entry.exchange)
        vendors = row.attributor.proxied(entry.exchange, recipient)
        proxied = proxied_for(vendors, self._catalogue)
        return ScannedExchange(entry.exchange, entry.scan, recipient, *proxied)

    def _window_of(self, entry: Entry) -> _Item | None:
        return self._window_at(entry.exchange.started_s, entry.arrived_in)

    def _window_at(self, at_s: float, arrived_in: str) -> _Item | None:
        """The item whose window holds the time, else the one that was open at the arrival."""
        arrival = self._items.get(arrived_in)
        if arrival is None:
            return None
        for row in reversed(self._in_order[: arrival.position + 1]):
            if row.started_s <= at_s:
                return row if at_s <= row.ended_s else arrival
        return arrival

    def _typist(self, term: str, entry: Entry) -> _Item | None:
        """The item that last began to type `term` before the exchange, else the window's item."""
        at_s = entry.exchange.started_s
        window = self._window_of(entry)
        own = window if window is not None and window.term == term else None
        if own is not None and own.typed_s is not None and open_ended(entry.exchange):
            return own
        typists = [row for row in self._by_term.get(term, ()) if row.typed_before(at_s)]
        return typists[-1] if typists else own

    # ---- what could be seen ---------------------------------------------------------------

    def _coverage(self, row: _Item, judged: tuple[ScannedExchange, ...]) -> Coverage:
        gaps = (
            gap
            for gap, arrived_in in self._witness_gaps.items()
            if self._window_at(gap.at_s, arrived_in) is row
        )
        return completed(
            row.outcome.coverage,
            judged,
            typed_s=row.typed_s,
            witness=self._witness,
            witness_gaps=gaps,
            batched=self._batched(judged),
            queued=self._queued.get(row.id, ()),
            by_default=self._by_default,
        )

    def _batched(self, judged: tuple[ScannedExchange, ...]) -> dict[str, str]:
        """Catalogue id and name of the SDKs among them that send in batches."""
        ids = {each.recipient.sdk_id for each in judged}
        known = {sdk_id: self._catalogue.by_id(sdk_id) for sdk_id in sorted(ids)}
        return {key: sdk.name for key, sdk in known.items() if sdk and sdk.delivery == "batched"}
