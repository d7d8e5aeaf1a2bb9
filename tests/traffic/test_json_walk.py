"""Elements one by one, from any chunking; every way to break off has its place."""

from __future__ import annotations

import io
import json
from typing import BinaryIO

import pytest

from harness.traffic import json_walk
from harness.traffic.json_walk import Walk, WalkError

DOCUMENT = {"x": {"y": [1]}, "log": {"pages": [{"é": "]}"}], "entries": [{"a": "é" * 9}, 2, "z"]}}


class Trickle(io.RawIOBase):
    """A stream that gives few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self.rest, self.size = data, size

    def read(self, _: int = -1) -> bytes:
        part, self.rest = self.rest[: self.size], self.rest[self.size :]
        return part


def stream(data: bytes, size: int) -> BinaryIO:
    return Trickle(data, size)  # type: ignore[return-value]  # reads are all that is used


@pytest.mark.parametrize("size", [1, 2, 7, 1 << 20])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_elements_and_their_offsets(size: int, ascii_only: bool, indent: int | None) -> None:
    data = json.dumps(DOCUMENT, ensure_ascii=ascii_only, indent=indent).encode()
    walk = Walk(stream(data, size))
    assert walk.enter("log", "entries")
    elements = list(walk.elements())
    assert [element.value for element in elements] == DOCUMENT["log"]["entries"]  # type: ignore[index]
    for element in elements:
        rest = data[element.offset :].decode()
        assert json.JSONDecoder().raw_decode(rest)[0] == element.value


def test_a_byte_order_mark_and_wrong_utf8_are_read() -> None:
    walk = Walk(io.BytesIO(b"\xef\xbb\xbf" + b'{"log":{"entries":["\xff"]}}'))
    assert walk.enter("log", "entries")
    (element,) = walk.elements()
    assert isinstance(element.value, str)
    assert element.value.encode("utf-8", "surrogateescape") == b"\xff"


def test_no_such_array() -> None:
    assert not Walk(io.BytesIO(b'{"log": {}}')).enter("log", "entries")
    assert not Walk(io.BytesIO(b'{"log": {"entries": {}}}')).enter("log", "entries")


def read_all(data: bytes) -> None:
    walk = Walk(io.BytesIO(data))
    assert walk.enter("log", "entries")
    list(walk.elements())


@pytest.mark.parametrize(
    ("data", "cut"),
    [
        (b"", True),
        (b"hello", False),
        (b'{"log":{"entries":[{"a":1},{"b"', True),
        (b'{"log":{"entries":[{"a":1}', True),
        (b'{"log":{"entries":[{"a":1} {"b":2}]}}' + b" " * 64, False),
        (b'{"log":{"entries":[{"a":1},{b:2}' + b" " * 64 + b"]}}", False),
        (b'{"log" 1' + b" " * 64, False),
    ],
)
def test_breaking_off(data: bytes, cut: bool) -> None:
    with pytest.raises(WalkError) as caught:
        read_all(data)
    assert caught.value.cut is cut
    assert caught.value.offset <= len(data)


def test_nesting_beyond_measure_is_told() -> None:
    data = b'{"log":{"entries":[' + b"[" * 200_000
    walk = Walk(io.BytesIO(data))
    assert walk.enter("log", "entries")
    with pytest.raises(WalkError):
        list(walk.elements())


def test_progress_is_told_as_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "CHUNK_BYTES", 64)
    told: list[int] = []
    data = json.dumps({"log": {"entries": list(range(500))}}).encode()
    walk = Walk(io.BytesIO(data), 0, told.append)
    assert walk.enter("log", "entries")
    assert len(list(walk.elements())) == 500
    assert told == sorted(told)
    assert told[-1] > len(data) / 2
