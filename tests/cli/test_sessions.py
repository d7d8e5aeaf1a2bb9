"""What a recipient got over a whole file."""

from __future__ import annotations

from harness.attribution.recipient import Recipient
from harness.cli.sessions import FIRST, MAX_KEPT, THEN_EACH, Sessions
from harness.detection.sighting import Identifier, Scan, Sighting
from harness.findings.scan_verdict import ScannedEntry

SEEN = Sighting("covid", "nfc", "body", (), (0, 5), "body")


def identifier(value: str, kind: str = "install-id") -> Identifier:
    return Identifier(kind, value, "body")


def entry(index: int, host: str, *own: Identifier, seen: bool = True) -> ScannedEntry:
    recipient = Recipient(host, ".".join(host.split(".")[-2:]))
    return ScannedEntry("x", index, True, Scan((SEEN,) if seen else (), own), recipient)


def told(sessions: Sessions, one: ScannedEntry) -> list[tuple[int, str]]:
    (attached,) = sessions.attached([one])
    return [(each.index, each.identifier.value) for each in attached.session]


def test_what_other_entries_of_the_same_domain_held() -> None:
    sessions = Sessions()
    sessions.add("a.t.example", 0, [identifier("one"), identifier("own")])
    sessions.add("b.t.example", 1, [identifier("two"), identifier("one")])
    sessions.add("other.example", 2, [identifier("three")])
    assert told(sessions, entry(4, "t.example", identifier("own"))) == [(0, "one"), (1, "two")]
    assert told(sessions, entry(0, "t.example")) == [(1, "two")]
    assert told(sessions, entry(4, "t.example", seen=False)) == []


def test_parts_of_a_file_in_their_order() -> None:
    first, later = Sessions(), Sessions()
    first.add("t.example", 3, [identifier("one")])
    later.add("t.example", 0, [identifier("one"), identifier("two")])
    first.append(later, 10)
    assert told(first, entry(99, "t.example")) == [(3, "one"), (10, "two")]


def test_not_every_entry_is_looked_at_and_not_every_value_kept() -> None:
    sessions = Sessions()
    wanted = [sessions.wanted("t.example") for _ in range(FIRST + 2 * THEN_EACH)]
    assert None not in wanted[:FIRST]
    assert len(wanted[FIRST:]) - wanted[FIRST:].count(None) == 2
    sessions.add("t.example", 0, [identifier(str(number)) for number in range(MAX_KEPT + 5)])
    assert len(told(sessions, entry(99, "t.example"))) == MAX_KEPT
    full = [sessions.wanted("t.example") for _ in range(THEN_EACH)]
    assert any(values is not None and "anything" in values for values in full)
