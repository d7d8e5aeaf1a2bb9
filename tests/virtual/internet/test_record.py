from __future__ import annotations

import json
import stat
from base64 import b64decode
from pathlib import Path

from harness.virtual.internet import record
from harness.virtual.internet.record import MAX_BODY_BYTES, Recorder, Where


def test_each_line_is_whole_on_disk_at_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "w.jsonl"
    with Recorder(path) as recorder:
        where = Where("t.example", 443, True, "t.example", "c1")
        recorder.write("refused", 1.23456789, id="c1", where=where, error="é\nline")
        text = path.read_text("utf-8")
    assert text.endswith("\n")
    assert text.count("\n") == 1
    line = json.loads(text)
    assert line["where"]["host"] == "t.example"
    assert (line["time_s"], line["error"]) == (1.234568, "é\nline")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_appends_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "w.jsonl"
    for n in (1, 2):
        with Recorder(path) as recorder:
            recorder.write("start", n)
    assert [json.loads(line)["time_s"] for line in path.read_text().splitlines()] == [1, 2]


def test_long_and_missing_bodies_say_so() -> None:
    cut = record.body(b"x" * (MAX_BODY_BYTES + 1))
    assert cut["size_bytes"] == MAX_BODY_BYTES + 1
    assert len(b64decode(cut["data"])) == MAX_BODY_BYTES
    assert cut["unread"] == f"cut at {MAX_BODY_BYTES} bytes"
    assert record.body(None)["unread"] == "body not available"
    assert record.body(b"")["unread"] == ""


def test_header_bytes_survive_as_text() -> None:
    fields = [(b"X-A", "é".encode()), (b"X-B", b"\xe9")]
    assert record.header_list(fields) == [["X-A", "é"], ["X-B", "é"]]
