from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from harness.virtual.apk.app import read_app
from harness.virtual.apk.resources import link


def test_resources_of_aars_are_linked_under_their_own_package(
    clinic_folder: Path, tmp_path: Path
) -> None:
    app = read_app(clinic_folder)
    linked = link(app, app.source_sets("leaky"), tmp_path)
    generated = {path.relative_to(linked.java).as_posix() for path in linked.java.rglob("R.java")}
    assert "ly/count/android/sdk/R.java" in generated
    assert "com/amplitude/R.java" in generated
    assert "star_rating_layout" in (linked.java / "ly/count/android/sdk/R.java").read_text()
    with zipfile.ZipFile(linked.archive) as archive:
        assert "res/layout/star_rating_layout.xml" in archive.namelist()
        assert "res/layout/activity_search.xml" in archive.namelist()


def test_a_flavour_may_overlay_resources(clinic_folder: Path, tmp_path: Path) -> None:
    app = replace(read_app(clinic_folder), libraries=())
    overlay = tmp_path / "overlay"
    (overlay / "res" / "values").mkdir(parents=True)
    (overlay / "res" / "values" / "strings.xml").write_text(
        '<resources><string name="app_name">Overlaid</string></resources>'
    )
    (tmp_path / "work").mkdir()
    linked = link(app, (app.folder / "src" / "main", overlay), tmp_path / "work")
    with zipfile.ZipFile(linked.archive) as archive:
        table = archive.read("resources.arsc")
    assert b"Overlaid" in table
    assert b"Praxis finden" in table
