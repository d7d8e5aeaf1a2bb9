"""Entries in any order give the same; companions of the whole recording."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path

import pytest

from harness.cli import scanning
from harness.cli.scanner import FileResult, Scanner, Task
from harness.cli.scanning import scan_file
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request
from harness.traffic.har import Fault, entry_exchanges
from harness.traffic.json_walk import Element
from tests.bench.bulk import har_text

TASK = Task(("covid",))
ANDROID_ID = "9774d56d682e549c"
URL = "https://t.example/e"
HELLO = {"request": {"method": "GET", "url": f"{URL}?android_id={ANDROID_ID}", "headers": []}}
DIGEST = hashlib.sha256((ANDROID_ID + "covid").encode()).hexdigest()
SENT = {"request": {"method": "GET", "url": f"{URL}?q={DIGEST}", "headers": []}}
PLAIN = {"request": {"method": "GET", "url": f"{URL}?q=covid&cid=abcdefgh1", "headers": []}}
OTHER = {"request": {"method": "GET", "url": "https://other.example/?user_id=bob77", "headers": []}}


def recorded(tmp_path: Path, *entries: object) -> Path:
    path = tmp_path / "x.har"
    path.write_text(har_text(list(entries)), "utf-8")  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("entries", list(itertools.permutations((HELLO, SENT, OTHER))))
def test_a_salted_digest_is_found_in_any_order(tmp_path: Path, entries: tuple[object, ...]) -> None:
    result = scan_file(recorded(tmp_path, *entries), TASK)
    found = [(each.index, one.variant) for each in result.entries for one in each.scan.sightings]
    assert found == [(entries.index(SENT), "sha256[saltterm]")]
    assert result.salts == (ANDROID_ID,)
    assert result.count == 3


def test_processes_join_what_each_learned_of_salts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "MIN_PARALLEL_BYTES", 1)
    result = scan_file(recorded(tmp_path, SENT, OTHER, HELLO), TASK, jobs=2)
    assert [each.index for each in result.entries] == [0]


def test_companions_of_the_session(tmp_path: Path) -> None:
    (entry,) = scan_file(recorded(tmp_path, OTHER, PLAIN, HELLO), TASK).entries
    assert [one.value for one in entry.scan.identifiers] == ["abcdefgh1"]
    assert [(each.index, each.identifier.value) for each in entry.session] == [(2, ANDROID_ID)]


def test_faults_are_counted_and_indexes_shifted() -> None:
    result = FileResult(Path("x"))
    entries = [
        each
        for number, value in enumerate((PLAIN, 7))
        for each in entry_exchanges(Element(number, 0, json.loads(json.dumps(value))), "x")
    ]
    Scanner(TASK).scan(entries, result, shift=5)
    assert (result.count, [each.index for each in result.entries]) == (7, [5])
    assert [(fault.index, type(fault)) for fault in result.faults] == [(6, Fault)]


def write(host: str, index: int = 0, *, port: int = 7000) -> Exchange:
    url = f"tls://{host}:{port}"
    request = Request("SEND", url, (), Body.of(b"q=covid"))
    witness = (Layer.WITNESS,)
    return Exchange("", Kind.STREAM, witness, host, port, 1.0, request, index=index, source="x")


def test_the_first_connection_of_a_slice_is_no_write_of_the_slice_before() -> None:
    scanner = Scanner(TASK)
    for _ in range(2):  # slices of one file, each numbered from 0, even of one host
        result = FileResult(Path("x"))
        scanner.scan([write("a.example")], result)
        assert [each.recipient.host for each in result.entries] == ["a.example"]


@pytest.mark.parametrize(
    "second", [write("b.example"), write("a.example", port=7001), write("a.example", 1)]
)
def test_a_write_belongs_only_to_its_own_connection(second: Exchange) -> None:
    result = FileResult(Path("x"))
    Scanner(TASK).scan([write("a.example"), write("a.example"), second], result)
    assert [each.recipient.host for each in result.entries] == ["a.example", second.host]
