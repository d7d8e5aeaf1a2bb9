"""Built APKs are the sample app's; what Android says of it is checked on the virtual device."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from harness.device.apk import package_of, sha256_of
from harness.errors import ScenarioError


def test_files_that_are_no_apk(tmp_path: Path) -> None:
    text = tmp_path / "a.apk"
    text.write_text("not a zip")
    archive = tmp_path / "b.apk"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("x", "y")
    broken = tmp_path / "c.apk"
    with zipfile.ZipFile(broken, "w") as file:
        file.writestr("AndroidManifest.xml", b"\x03\x00\x08\x00garbage")
    for path in (text, archive, broken):
        with pytest.raises(ScenarioError) as caught:
            package_of(path)
        assert caught.value.where == str(path)
    with pytest.raises(ScenarioError, match="no such APK"):
        package_of(tmp_path / "nowhere.apk")


def test_digest(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc" * 100_000)
    assert sha256_of(path) == hashlib.sha256(b"abc" * 100_000).hexdigest()
