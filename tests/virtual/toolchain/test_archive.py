from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.toolchain.archive import EPOCH, Entry, write_zip, zip_folder

ENTRIES = (
    Entry("AndroidManifest.xml", b"<manifest/>" * 9),
    Entry("assets/é.txt", "é".encode(), stored=True),
    Entry("resources.arsc", bytes(77), stored=True),
    Entry("res/a.png", b"png", stored=True),
)


def _data_start(path: Path, info: zipfile.ZipInfo) -> int:
    """Where an entry's data begins, read from its local header (APPNOTE 4.3.7)."""
    raw = path.read_bytes()
    at = info.header_offset
    assert raw[at : at + 4] == b"PK\x03\x04"
    name, extra = (int.from_bytes(raw[at + i : at + i + 2], "little") for i in (26, 28))
    return at + 30 + name + extra


def test_the_same_entries_give_the_same_bytes(tmp_path: Path) -> None:
    one = write_zip(tmp_path / "1.zip", ENTRIES, alignment=4).read_bytes()
    assert one == write_zip(tmp_path / "2.zip", ENTRIES, alignment=4).read_bytes()


def test_contents_order_and_times(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_zip(tmp_path / "a.zip", ENTRIES, alignment=4)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [entry.name for entry in ENTRIES]
        assert [archive.read(e.name) for e in ENTRIES] == [e.content for e in ENTRIES]
        assert {info.date_time for info in archive.infolist()} == {EPOCH}
        assert archive.getinfo("resources.arsc").compress_type == zipfile.ZIP_STORED
        assert archive.getinfo("AndroidManifest.xml").compress_type == zipfile.ZIP_DEFLATED


@given(
    names=st.lists(st.text("abé/.", min_size=1, max_size=9), min_size=1, max_size=6, unique=True),
    size=st.integers(0, 9),
    alignment=st.sampled_from([4, 8, 4096]),
)
def test_stored_entries_are_aligned(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], size: int, alignment: int
) -> None:
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    write_zip(path, (Entry(n, bytes(size), stored=True) for n in names), alignment=alignment)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        starts = [_data_start(path, info) for info in archive.infolist()]
    assert [start % alignment for start in starts] == [0] * len(names)


def test_a_folder_is_zipped_in_the_order_of_its_names(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    for name in ("b/z.class", "a.class", "b/a.class"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    with zipfile.ZipFile(zip_folder(folder, tmp_path / "f.zip")) as archive:
        assert archive.namelist() == ["a.class", "b/a.class", "b/z.class"]
