"""One process and several see the same."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from mitmproxy import dns, tcp
from mitmproxy.test import tflow

from harness.cli import scanning
from harness.cli.scanner import Task
from harness.cli.scanning import scan_file
from tests.bench.bulk import bulk, har_text
from tests.traffic.flow_files import written

TASK = Task(("hépatite",))


def test_processes_share_a_file_and_agree_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.har"
    path.write_text(har_text([row.entry for row in bulk("hépatite", 60)]), "utf-8")
    alone = scan_file(path, TASK)
    monkeypatch.setattr(scanning, "MIN_PARALLEL_BYTES", 1)
    shared = scan_file(path, TASK, jobs=2)
    assert alone.count == shared.count == 60
    told: list[int] = []
    scan_file(path, TASK, jobs=2, advanced=told.append)
    assert told == sorted(told)
    assert len(told) == 2 * scanning.SLICES_PER_JOB
    assert abs(told[-1] - path.stat().st_size) <= 1
    assert [(e.index, e.scan, e.recipient) for e in shared.entries] == [
        (e.index, e.scan, e.recipient) for e in alone.entries
    ]


def test_what_cannot_be_shared_is_read_by_one(tmp_path: Path) -> None:
    path = tmp_path / "x.har"
    path.write_text("nonsense", "utf-8")
    result = scan_file(path, TASK, jobs=4)
    assert result.error is not None
    assert scan_file(tmp_path / "missing", TASK, jobs=4).error is not None


@pytest.mark.parametrize("jobs", [2, 3])
def test_an_entry_longer_than_a_slice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    entries = [row.entry for row in bulk("hépatite", 6)]
    entries[2]["response"]["content"] = {"size": 200_000, "text": "x" * 200_000}
    path = tmp_path / "x.har"
    path.write_text(har_text(entries), "utf-8")
    alone = scan_file(path, TASK)
    monkeypatch.setattr(scanning, "MIN_PARALLEL_BYTES", 1)
    monkeypatch.setattr(scanning, "read_capture", None)  # it must not fall back
    shared = scan_file(path, TASK, jobs=jobs)
    assert (shared.count, shared.error) == (6, None)
    assert [entry.index for entry in shared.entries] == [entry.index for entry in alone.entries]


def raw_connection(tmp_path: Path, *writes: bytes) -> Path:
    flow = tflow.ttcpflow()
    flow.messages = [tcp.TCPMessage(True, data, float(n)) for n, data in enumerate(writes)]
    path = tmp_path / "x.flows"
    path.write_bytes(written(flow))
    return path


def test_a_term_over_two_writes_of_a_raw_connection(tmp_path: Path) -> None:
    result = scan_file(raw_connection(tmp_path, b'{"q":"h\xc3\xa9pa', b'tite"}'), TASK)
    (entry,) = [entry for entry in result.entries if entry.scan.sightings]
    assert [one.location for one in entry.scan.sightings] == ["body.json$.q"]
    assert result.count == 1


def test_a_write_adds_only_what_the_whole_connection_does_not_tell(tmp_path: Path) -> None:
    text = scan_file(raw_connection(tmp_path, b"ping", "q=hépatite".encode()), TASK)
    assert [len(entry.scan.sightings) for entry in text.entries] == [1]
    packed = zlib.compress(b'{"event": "search", "q": "h\xc3\xa9patite"}')
    beyond = scan_file(raw_connection(tmp_path, b"PUSH /x\n", packed), TASK)
    found = [one.decoding for entry in beyond.entries for one in entry.scan.sightings]
    assert found == [("zlib",)]
    blind = scan_file(
        raw_connection(tmp_path, bytes(range(128, 192)), bytes(range(192, 256))), TASK
    )
    assert [len(entry.scan.unread) for entry in blind.entries] == [1]


def test_a_lookup_tells_the_name_that_was_typed(tmp_path: Path) -> None:
    flow = tflow.tdnsflow()
    flow.request.questions = [dns.Question("covid-impfung.collector.example", 1, 1)]
    path = tmp_path / "x.flows"
    path.write_bytes(written(flow))
    (entry,) = scan_file(path, Task(("Covid Impfung",))).entries
    assert entry.recipient.domain == "collector.example"
    assert entry.scan.sightings[0].location == "url.host"
