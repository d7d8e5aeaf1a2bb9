"""The witness record, read as it grows.

The record's format is its writer's (`harness.virtual.internet.record`): these tests write with the
real `Recorder`, and the documented example of that module is read as it stands.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from harness.errors import LabError
from harness.findings.coverage import Gap
from harness.traffic.exchange import Body, Kind, Layer, Response
from harness.traffic.witness import WitnessRecord, read_witness
from harness.virtual.internet import record
from harness.virtual.internet.record import Recorder, Where

WHERE = Where("T.example", 443, True, "t.example", "c1")


def write(path: Path, *events: tuple[str, dict[str, Any]]) -> Path:
    with Recorder(path) as recorder:
        recorder.write("start", 1.0, version=record.VERSION, mode="canned")
        for number, (event, fields) in enumerate(events):
            recorder.write(event, 2.0 + number, **fields)
    return path


def request(name: str = "r1", **fields: Any) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {
        "id": name,
        "where": WHERE,
        "method": "POST",
        "url": "https://t.example/e?v=1",
        "http_version": "HTTP/2.0",
        "headers": [["content-type", "text/plain"]],
        "body": record.body("hépatite".encode()),
    }
    return "request", values | fields


RESPONSE = (
    "response",
    {
        "id": "r1",
        "status": 200,
        "http_version": "HTTP/2.0",
        "headers": [],
        "body": record.body(b"ok"),
        "source": "default",
    },
)


def test_a_request_with_its_response_is_one_exchange(tmp_path: Path) -> None:
    (found,) = read_witness(write(tmp_path / "r", request(), RESPONSE))
    assert found.id == "witness:r1"
    assert (found.kind, found.seen_by, found.host, found.port) == (
        Kind.HTTP,
        (Layer.WITNESS,),
        "t.example",
        443,
    )
    assert found.started_s == 2.0
    assert found.request.method == "POST"
    assert found.request.url == "https://t.example/e?v=1"
    assert found.request.headers == (("content-type", "text/plain"),)
    assert found.request.body == Body.of("hépatite".encode())
    assert found.request.http_version == "HTTP/2.0"
    assert found.response == Response(200, (), Body.of(b"ok"), "HTTP/2.0")


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    example = re.search(r"Example:\n\n(.*)\Z", record.__doc__ or "", re.S)
    assert example
    path = tmp_path / "r"
    path.write_text(" ".join(example.group(1).split()) + "\n", encoding="utf-8")
    (found,) = read_witness(path)
    assert "hépatite" in found.request.body.data.decode()


def test_what_broke_off_is_a_gap_only_if_the_request_did(tmp_path: Path) -> None:
    failed = {"id": "r1", "where": WHERE, "error": "reset"}
    log = WitnessRecord(write(tmp_path / "r", request(), ("failed", failed)))
    log.poll()
    assert len(log.exchanges()) == 1
    assert log.gaps() == ()
    alone = WitnessRecord(write(tmp_path / "s", ("failed", failed)))
    alone.poll()
    assert alone.gaps() == (Gap("t.example", "failed: reset", 2.0),)


@pytest.mark.parametrize("event", ["tls-failed", "refused"])
def test_connections_without_content_are_gaps(tmp_path: Path, event: str) -> None:
    log = WitnessRecord(write(tmp_path / "r", (event, {"id": "x", "where": WHERE, "error": "no"})))
    log.poll()
    assert log.gaps() == (Gap("t.example", f"{event}: no", 2.0),)


def test_websocket_messages_of_the_app_are_exchanges(tmp_path: Path) -> None:
    def message(n: int, from_client: bool) -> tuple[str, dict[str, Any]]:
        fields = {"id": "r1", "n": n, "from_client": from_client, "type": "text"}
        return "websocket", fields | {"body": record.body(b"m%d" % n)}

    path = write(tmp_path / "r", request(), message(0, True), message(1, False), message(2, True))
    _, first, second = read_witness(path)
    assert (first.kind, first.request.url) == (Kind.WEBSOCKET, "wss://t.example/e?v=1")
    assert (first.request.body.data, second.request.body.data) == (b"m0", b"m2")
    assert (first.started_s, first.response) == (3.0, None)
    assert first.id != second.id


@pytest.mark.parametrize(
    ("tls", "url"), [(True, "tls://t.example:443"), (False, "tcp://t.example:443")]
)
def test_chunks_of_a_stream_make_one_exchange(tmp_path: Path, tls: bool, url: str) -> None:
    def chunk(n: int, from_client: bool, **body: Any) -> tuple[str, dict[str, Any]]:
        where = Where("t.example", 443, tls, None, "c1")
        fields = {"id": "c1", "where": where, "n": n, "from_client": from_client}
        return "stream", fields | {"body": record.body(b"%d" % n, **body)}

    path = write(
        tmp_path / "r",
        chunk(0, True),
        chunk(1, False),
        chunk(2, True, unread="cut"),
        chunk(3, False),
    )
    (found,) = read_witness(path)
    assert (found.kind, found.request.url) == (Kind.STREAM, url)
    assert found.request.body == Body(b"02", 2, "cut")
    assert found.response is not None
    assert found.response.body == Body.of(b"13")


def test_other_url_schemes_of_a_handshake_stay(tmp_path: Path) -> None:
    fields = {"id": "r1", "n": 0, "from_client": True, "type": "text", "body": record.body(b"")}
    path = write(tmp_path / "r", request(url="wss://t.example/e"), ("websocket", fields))
    assert read_witness(path)[1].request.url == "wss://t.example/e"


def test_a_growing_record_is_read_on_and_a_line_in_the_making_waits(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole", request(), RESPONSE).read_bytes()
    path = tmp_path / "growing"
    path.write_bytes(b"")
    log = WitnessRecord(path)
    seen = []
    for end in range(0, len(whole) + 1, 7):
        path.write_bytes(whole[:end])
        log.poll()
        seen.append(len(log.exchanges()))
    path.write_bytes(whole)
    log.poll()
    assert sorted(seen) == seen
    assert log.exchanges() == read_witness(path)
    assert log.exchanges()[0].response is not None


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"null",
        b'{"time_s": 1}',
        b'{"event": "surprise", "time_s": 1}',
        b'{"event": "start", "version": 2}',
        b'{"event": "response", "id": "unknown", "status": 1, "headers": [], "body": {}}',
        b'{"event": "request", "id": "x"}',
        b"\xff\xfe",
        b'{"event": "websocket", "from_client": true, "id": "u", "n": 0}',
    ],
)
def test_a_damaged_line_is_refused_with_its_place(tmp_path: Path, line: bytes) -> None:
    path = write(tmp_path / "r", request())
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(LabError) as error:
        read_witness(path)
    assert error.value.where == f"{path}:3"


def test_a_damaged_body_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "r", request(body={"data": "?", "size_bytes": 1, "unread": ""}))
    with pytest.raises(LabError, match="damaged"):
        read_witness(path)


def test_a_record_that_is_not_there_is_a_lab_error(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be read"):
        read_witness(tmp_path / "none")


def test_switched_answers_say_nothing_about_exchanges(tmp_path: Path) -> None:
    assert read_witness(write(tmp_path / "r", ("answers", {"dirs": [], "mode": "live"}))) == ()
