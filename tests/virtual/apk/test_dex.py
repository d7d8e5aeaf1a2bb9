"""Source files of a dex file that D8 wrote, and of bytes that are none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.apk.dex import source_files


def test_classes_name_the_files_they_were_compiled_from(clinic: Path) -> None:
    with zipfile.ZipFile(clinic) as archive:
        found = dict(source_files(archive.read("classes.dex")))
    assert found["org/example/clinic/SearchActivity"] == "SearchActivity.java"
    assert found["ly/count/android/sdk/ConnectionProcessor"] == "ConnectionProcessor.java"
    assert found["kotlin/Pair"] == "Tuples.kt"  # not to be guessed from the class's name


@given(st.binary(max_size=300))
def test_bytes_that_are_no_dex_file_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="dex file"):
        list(source_files(raw.removeprefix(b"dex\n")))


def test_a_cut_dex_file_is_refused(clinic: Path) -> None:
    with zipfile.ZipFile(clinic) as archive:
        dex = archive.read("classes.dex")
    with pytest.raises(ValueError, match="broken dex file"):
        list(source_files(dex[:0x1000]))
