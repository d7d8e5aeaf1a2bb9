"""Every exchange once, whichever view saw it, scanned once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from harness.detection.engine import Engine
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Response
from harness.traffic.pool import Pool
from tests.findings.building import HOOKS, exchange
from tests.traffic.watching import PlainScanner


def hook(name: str = "h", **fields: Any) -> Exchange:
    return exchange(name=name, at_s=100.0, seen_by=HOOKS, **fields)


def witness(name: str = "w", **fields: Any) -> Exchange:
    return exchange(name=name, at_s=100.1, seen_by=(Layer.WITNESS,), **fields)


def pool() -> tuple[Pool, PlainScanner]:
    scanner = PlainScanner(["cancer"])
    return Pool(scanner), scanner


def ids(of: Pool) -> list[tuple[str, tuple[Layer, ...]]]:
    return [(entry.exchange.id, entry.exchange.seen_by) for entry in of.entries()]


def test_two_views_make_one_entry() -> None:
    both, scanner = pool()
    both.add([hook()], "one")
    both.add_witness([witness()], "one")
    assert ids(both) == [("h", (*HOOKS, Layer.WITNESS))]
    assert ids(both) == [("h", (*HOOKS, Layer.WITNESS))]
    both.add_witness([witness()], "two")
    assert ids(both) == [("h", (*HOOKS, Layer.WITNESS))]
    assert both.witnessed == 1
    assert scanner.scanned == ["h"]


def test_a_digest_is_read_once_the_identifier_it_is_salted_with_was_seen() -> None:
    salt = "9774d56d682e549c"
    mixed = hashlib.sha256(f"{salt}cancer".encode()).hexdigest()
    both = Pool(Engine(["cancer"]))
    both.add([exchange(name="first", at_s=1.0, path=f"/?q={mixed}")], "one")
    assert [entry.scan.sightings for entry in both.entries()] == [()]
    both.add([exchange(name="then", at_s=2.0, path=f"/?android_id={salt}")], "one")
    found = [[one.variant for one in entry.scan.sightings] for entry in both.entries()]
    assert found == [["sha256[saltterm]"], []]


def test_a_late_partner_does_not_need_another_scan_if_it_tells_nothing_new() -> None:
    both, scanner = pool()
    both.add([hook()], "one")
    assert ids(both) == [("h", HOOKS)]
    both.add_witness([witness()], "two")
    (entry,) = both.entries()
    assert entry.exchange.seen_by == (*HOOKS, Layer.WITNESS)
    assert entry.arrived_in == "one"
    assert scanner.scanned == ["h"]


def test_a_late_partner_with_more_bytes_is_scanned() -> None:
    both, scanner = pool()
    both.add([hook(body=Body(b"", 6, "one-shot"))], "one")
    assert both.entries()[0].scan.sightings == ()
    both.add_witness([witness(body=b"cancer")], "one")
    assert len(both.entries()[0].scan.sightings) == 1
    assert scanner.scanned == ["h", "h"]


def test_the_witness_may_come_first() -> None:
    both, _ = pool()
    both.add_witness([witness()], "one")
    assert ids(both) == [("w", (Layer.WITNESS,))]
    both.add([hook()], "two")
    assert ids(both) == [("h", (*HOOKS, Layer.WITNESS))]


def test_what_is_reported_again_is_no_news() -> None:
    both, scanner = pool()
    both.add([hook()], "one")
    both.entries()
    both.add([hook()], "two")
    (entry,) = both.entries()
    assert entry.arrived_in == "one"
    assert scanner.scanned == ["h"]


def test_a_new_state_replaces_the_old_one_and_is_matched_again() -> None:
    both, _ = pool()
    half = replace(hook(body=b"x"), response=None)
    both.add([half], "one")
    both.add_witness([witness(body=b"x")], "one")
    assert len(both.entries()) == 1
    both.add([replace(half, response=Response(200, body=Body.of(b"cancer")))], "two")
    (entry,) = both.entries()
    assert entry.arrived_in == "one"
    assert entry.scan.sightings[0].in_response
    assert entry.exchange.seen_by == (*HOOKS, Layer.WITNESS)
    both.add([hook(body=b"xyz")], "two")
    assert [name for name, _ in ids(both)] == ["h", "w"]


def test_a_new_state_of_the_witness_is_matched_again_too() -> None:
    both, _ = pool()
    both.add([replace(hook(), response=None)], "one")
    both.add_witness([replace(witness(), response=None)], "one")
    assert both.entries()[0].exchange.response is None
    both.add_witness([witness()], "one")
    (entry,) = both.entries()
    assert entry.exchange.response == Response(200)
    both.add_witness([witness(body=b"more")], "one")
    assert [name for name, _ in ids(both)] == ["h", "w"]
    assert both.witnessed == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"host": "other.example"},
        {"path": "/other"},
        {"kind": Kind.WEBSOCKET},
        {"body": b"can"},
        {"body": b"xcancer"},
    ],
)
def test_a_known_id_never_takes_a_request_away(fields: dict[str, Any]) -> None:
    both, _ = pool()
    first = hook(body=b"cancer")
    for _ in range(2):
        both.add([first, hook(**({"body": b"cancer"} | fields))], "one")
    assert [name for name, _ in ids(both)] == ["h", "h~2"]
    assert both.entries()[0].exchange == first
    get = replace(first, request=replace(first.request, method="GET"))
    both.add([get], "one")
    assert [name for name, _ in ids(both)] == ["h", "h~2", "h~3"]
    both.add_witness([witness(), witness(path="/b"), witness(path="/b")], "one")
    assert both.witnessed == 2


def test_what_was_incomplete_may_turn_out_otherwise() -> None:
    both, _ = pool()
    both.add([hook(body=Body(b"can", 6, "cut"))], "one")
    both.add([hook(body=b"\x1f\x8b")], "one")
    assert [name for name, _ in ids(both)] == ["h"]
