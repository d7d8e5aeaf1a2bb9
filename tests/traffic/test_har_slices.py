"""Slices join up to exactly what one reader sees, wherever the cuts fall."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from harness.traffic.har_slices import Slice
from tests.bench.bulk import bulk, har_text

ENTRIES = [row.entry for row in bulk("hépatite", 30)]
for _entry in ENTRIES[::7]:
    # An answer that itself holds entries: as text they are no entries of this file.
    _entry["response"]["content"]["text"] = har_text(ENTRIES[1:2])


@pytest.mark.parametrize("parts", [1, 2, 3, 8, 40])
@pytest.mark.parametrize("indent", [None, 1])
def test_slices_join_up(tmp_path: Path, parts: int, indent: int | None) -> None:
    path = tmp_path / "x.har"
    document = {"log": {"version": "1.2", "entries": ENTRIES}}
    path.write_text(json.dumps(document, indent=indent, ensure_ascii=False), "utf-8")
    size = path.stat().st_size
    cuts = [size * number // parts for number in range(parts)] + [size + 1]
    seen: list[object] = []
    expected = -1
    for number, (low, high) in enumerate(pairwise(cuts)):
        one = Slice(path, low, high)
        values = [element.value for element in one.elements()]
        if values and number:
            assert one.started == expected
        seen += values
        if values:
            expected = one.ended
    assert seen == ENTRIES


def test_what_is_no_har_has_no_slices(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("{" * 5000, "utf-8")
    assert list(Slice(path, 100, 4000).elements()) == []
