"""All exchanges of a session, in the views of the hooks and of the witness, scanned once.

Input: exchanges as they are reported, any number of times. Output: `Entry` values: one per
exchange that happened, whichever of the two views saw it, with what the scanner found. It knows no
items and judges nothing. A report under a known id may complete what is there and never take any
of it away: one that contradicts the earlier request is another exchange, whatever its id says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from harness.detection.sighting import Scan
from harness.traffic.exchange import Exchange
from harness.traffic.matching import merged, pair
from harness.traffic.ports import Scanner


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange.

    Attributes:
        exchange: both views merged, if both saw it.
        arrived_in: the item that was open when it was first reported, empty when none was.
    """

    exchange: Exchange
    arrived_in: str
    scan: Scan


class Pool:
    """See the module's docstring."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._hooked: dict[str, Exchange] = {}
        self._witnessed: dict[str, Exchange] = {}
        self._arrived_in: dict[str, str] = {}
        self._partner: dict[str, str] = {}
        """Id in the hooks' view to id in the witness's."""
        self._free: tuple[set[str], set[str]] = (set(), set())
        """Ids without a partner, of the hooks' and of the witness's view."""
        self._entries: dict[str, Entry] = {}

    @property
    def witnessed(self) -> int:
        """How many exchanges the witness saw."""
        return len(self._witnessed)

    def add(self, exchanges: Iterable[Exchange], item: str) -> None:
        """Take the hooks' view; a known id with more content replaces the earlier state."""
        for reported in exchanges:
            exchange = _filed(self._hooked, reported)
            if self._is_news(self._hooked, exchange, item):
                partner = self._partner.pop(exchange.id, None)
                if partner is not None:
                    self._free[1].add(partner)
                self._free[0].add(exchange.id)

    def add_witness(self, exchanges: Iterable[Exchange], item: str) -> None:
        """Take the witness's view, in the same way."""
        owners = {witness: hook for hook, witness in self._partner.items()}
        for reported in exchanges:
            exchange = _filed(self._witnessed, reported)
            if self._is_news(self._witnessed, exchange, item):
                hook = owners.get(exchange.id)
                if hook is not None:
                    del self._partner[hook]
                    self._entries.pop(hook, None)
                    self._free[0].add(hook)
                self._free[1].add(exchange.id)

    def entries(self) -> tuple[Entry, ...]:
        """Every exchange once, by time."""
        self._match()
        for known, ids in ((self._hooked, self._free[0]), (self._witnessed, self._free[1])):
            for each in ids:
                if each not in self._entries:
                    self._enter(each, known[each])
        if self._scanner.learn():
            self._entries = {
                key: replace(entry, scan=self._scanner.scan(entry.exchange))
                for key, entry in self._entries.items()
            }
        return tuple(
            sorted(
                self._entries.values(),
                key=lambda entry: (entry.exchange.started_s, entry.exchange.id),
            )
        )

    def _is_news(self, known: dict[str, Exchange], exchange: Exchange, item: str) -> bool:
        earlier = known.get(exchange.id)
        if earlier is exchange or earlier == exchange:
            return False
        known[exchange.id] = exchange
        self._arrived_in.setdefault(exchange.id, item)
        self._entries.pop(exchange.id, None)
        return True

    def _match(self) -> None:
        hooks, witnesses = self._free
        found = pair(
            [self._hooked[each] for each in hooks], [self._witnessed[each] for each in witnesses]
        )
        for hook, witness in found:
            self._partner[hook.id] = witness.id
            hooks.discard(hook.id)
            witnesses.discard(witness.id)
            self._entries.pop(witness.id, None)
            self._enter(hook.id, merged(hook, witness))

    def _enter(self, key: str, exchange: Exchange) -> None:
        """File the exchange; its scan is kept when only `seen_by` changed."""
        earlier = self._entries.get(key)
        same = earlier is not None and (earlier.exchange.request, earlier.exchange.response) == (
            exchange.request,
            exchange.response,
        )
        scan = earlier.scan if earlier is not None and same else self._scanner.scan(exchange)
        self._entries[key] = Entry(exchange, self._arrived_in[key], scan)


def _filed(known: dict[str, Exchange], exchange: Exchange) -> Exchange:
    """The exchange under its own id, or under another if that id stands for another request."""
    name, number = exchange.id, 1
    while (earlier := known.get(name)) is not None and not _completes(earlier, exchange):
        number += 1
        name = f"{exchange.id}~{number}"
    return exchange if number == 1 else replace(exchange, id=name)


def _completes(earlier: Exchange, later: Exchange) -> bool:
    """Whether nothing that the earlier state of a request held is missing in the later one."""
    before, after = earlier.request, later.request
    same = (earlier.kind, earlier.host, before.method, before.url) == (
        later.kind,
        later.host,
        after.method,
        after.url,
    )
    return same and (bool(before.body.unread) or after.body.data.startswith(before.body.data))
