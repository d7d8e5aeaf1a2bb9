"""Any format by its content; any damage as one error with file, place and what was expected."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from harness.errors import ScenarioError
from harness.traffic.captures import read_capture
from tests.bench.bulk import bulk, har_text

HAR = har_text([row.entry for row in bulk("covid", 6)]).encode()


def flows() -> bytes:
    buffer = io.BytesIO()
    FlowWriter(buffer).add(tflow.tflow())
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "count"),
    [(HAR, 6), (gzip.compress(HAR), 6), (flows(), 1), (gzip.compress(flows()), 1)],
)
def test_formats(tmp_path: Path, data: bytes, count: int) -> None:
    path = tmp_path / "capture"
    path.write_bytes(data)
    assert len(list(read_capture(path))) == count


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"hello", "not JSON"),
        (b"[]", "not a HAR file"),
        (json.dumps({"log": {}}).encode(), "not a HAR file"),
        (HAR[:-3000], "cut short"),
        (gzip.compress(HAR)[:-300], "damaged gzip"),
        (flows()[:-9], "not a whole mitmproxy flow file"),
    ],
)
def test_damage(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "capture.har"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        list(read_capture(path))
    assert what in caught.value.what
    assert str(path) in caught.value.where


def test_what_came_before_the_cut_was_yielded(tmp_path: Path) -> None:
    path = tmp_path / "capture.har"
    path.write_bytes(HAR[:-4500])
    entries = read_capture(path)
    assert next(entries).index == 0
    with pytest.raises(ScenarioError):
        list(entries)


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    for path, what in ((tmp_path, "is a directory"), (tmp_path / "no.har", "no such file")):
        with pytest.raises(ScenarioError) as caught:
            list(read_capture(path))
        assert what in caught.value.what
