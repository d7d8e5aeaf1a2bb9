"""Exchanges on disk: what was written is what is read, whatever happened to the last line."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ScenarioError
from harness.traffic.exchange import Body, Exchange, Kind, Layer, Request, Response, Stack
from harness.traffic.recording import Recorder, read_recording
from harness.traffic.redaction import MARK, Redactor
from tests.findings.building import exchange

OPEN = Redactor(b"k", enabled=False)

headers = st.lists(st.tuples(st.text(), st.text()), max_size=2).map(tuple)
bodies = st.builds(Body, st.binary(max_size=20), st.integers(0, 99), st.text(max_size=5))
exchanges = st.builds(
    Exchange,
    id=st.text(max_size=5),
    kind=st.sampled_from(Kind),
    seen_by=st.lists(st.sampled_from(Layer), max_size=2).map(tuple),
    host=st.text(max_size=5),
    port=st.integers(0, 65535),
    started_s=st.floats(0, 2e9),
    request=st.builds(Request, st.text(max_size=5), st.text(max_size=9), headers, bodies),
    response=st.none() | st.builds(Response, st.integers(0, 599), headers, bodies),
    stack=st.just(Stack(("a.B.c(D.java:1)",), (("e.F.g(H.java:2)",),))),
    process=st.text(max_size=5),
    package=st.text(max_size=5),
)


@given(st.lists(exchanges, max_size=4, unique_by=lambda each: each.id))
def test_what_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, written: list[Exchange]
) -> None:
    path = tmp_path_factory.mktemp("r") / "r.jsonl"
    with Recorder(path, OPEN) as recorder:
        recorder.write(written)
    recording = read_recording(path)
    assert recording.exchanges == tuple(written)
    assert (recording.redacted, recording.torn) == (False, False)


def test_the_file_is_private_and_live(tmp_path: Path) -> None:
    path = tmp_path / "r"
    recorder = Recorder(path, OPEN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    recorder.write([exchange()])
    assert read_recording(path).exchanges == (exchange(),)
    recorder.close()


def test_a_later_state_replaces_the_earlier_and_no_news_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "r"
    half = replace(exchange(), response=None)
    with Recorder(path, OPEN) as recorder:
        for state in (half, half, exchange()):
            recorder.write([state])
    assert len(path.read_text().splitlines()) == 3
    assert read_recording(path).exchanges == (exchange(),)


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with Recorder(path, OPEN) as recorder:
        recorder.write([exchange(name="a"), exchange(name="b")])
    path.write_bytes(path.read_bytes()[:-9])
    recording = read_recording(path)
    assert [each.id for each in recording.exchanges] == ["a"]
    assert recording.torn


def test_a_recording_is_redacted_unless_secrets_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with Recorder(path, Redactor(b"k")) as recorder:
        recorder.write([exchange(body=b"Mustermann")])
    recording = read_recording(path)
    assert recording.redacted
    assert recording.exchanges[0].request.body.data.startswith(MARK.encode())


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "r"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        Recorder(path, OPEN)
    assert path.read_text() == "mine"


HEAD = b'{"recording": 1, "redacted": false}\n'


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\n", 1),
        (b"[]\n", 1),
        (b"hello\n", 1),
        (b'{"recording": 2, "redacted": false}\n', 1),
        (b'{"recording": 1}\n', 1),
        (HEAD + b"{}\n", 2),
        (HEAD + b"null\n", 2),
        (HEAD + b"\xff\n", 2),
    ],
)
def test_what_is_no_recording_is_refused_with_its_place(
    tmp_path: Path, content: bytes, line: int
) -> None:
    path = tmp_path / "r"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as error:
        read_recording(path)
    assert error.value.where == f"{path}:{line}"


def test_an_unknown_layer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with Recorder(path, OPEN) as recorder:
        recorder.write([exchange()])
    path.write_text(path.read_text().replace('"tls"', '"telepathy"'))
    with pytest.raises(ScenarioError, match="no line of a recording"):
        read_recording(path)
    assert json.loads(path.read_text().splitlines()[0]) == {"recording": 1, "redacted": False}


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_recording(tmp_path / "none")
