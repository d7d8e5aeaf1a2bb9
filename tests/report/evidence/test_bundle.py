"""Bundles as they are written."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import LabError, ScenarioError
from harness.report.evidence.bundle import Part, file_pieces, write_bundle
from harness.report.evidence.verify import check

PARTS = {"a.txt": b"one", "items/0/b.bin": bytes(range(256)) * 50, "empty": b""}
ABOUT = {"run": "r1"}


def parts(contents: dict[str, bytes] | None = None) -> Iterator[Part]:
    for name, content in (PARTS if contents is None else contents).items():
        yield Part(name, iter((content[:1], content[1:])))


def test_the_parts_stand_in_it_in_order_with_a_manifest(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    digest = write_bundle(parts(), ABOUT, path)
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as bundle:
        assert bundle.namelist() == [*PARTS, "manifest.json"]
        assert {name: bundle.read(name) for name in PARTS} == PARTS
        manifest = json.loads(bundle.read("manifest.json"))
    assert manifest["about"] == ABOUT
    assert manifest["parts"][-1]["link"] == digest == check(str(path)).digest


def test_the_same_parts_make_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "1.zip", tmp_path / "2.zip"
    assert write_bundle(parts(), ABOUT, one) == write_bundle(parts(), ABOUT, other)
    assert one.read_bytes() == other.read_bytes()
    changed = write_bundle(parts(PARTS | {"a.txt": b"One"}), ABOUT, tmp_path / "3.zip")
    assert changed != check(str(one)).digest


def test_the_manifest_is_what_is_signed(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write_bundle(parts(), ABOUT, path, sign=lambda data: b"signed:" + data[:4])
    found = check(str(path))
    assert found.signature == b"signed:" + found.manifest[:4]


def test_nothing_is_replaced_and_nothing_half_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_text("mine")
    with pytest.raises(LabError, match="not written over another"):
        write_bundle(parts(), ABOUT, path)
    assert path.read_text() == "mine"
    with pytest.raises(LabError, match="cannot be written"):
        write_bundle(parts(), ABOUT, tmp_path / "no" / "b.zip")

    def breaking() -> Iterator[Part]:
        yield from parts()
        raise ScenarioError("damaged")

    with pytest.raises(ScenarioError, match="damaged"):
        write_bundle(breaking(), ABOUT, tmp_path / "c.zip")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "a/../b", "", "a//b", "c:x", "a\\b", "manifest.json", "a.txt"]
)
def test_names_that_lead_out_or_are_taken_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match="cannot have this name"):
        write_bundle([*parts(), Part(name, ())], ABOUT, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_files_come_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 3_000_000)
    pieces = list(file_pieces(path))
    assert len(pieces) == 3
    assert b"".join(pieces) == path.read_bytes()
