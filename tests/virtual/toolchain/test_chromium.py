"""Finding and unpacking browsers; the packages are made here, in the form of the real one."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from harness.errors import LabError
from harness.virtual.toolchain import chromium


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    for cached in (chromium.chromium, chromium.version_of):
        cached.cache_clear()
    yield
    for cached in (chromium.chromium, chromium.version_of):
        cached.cache_clear()


def program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def packed(**files: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"package/bin/{name.replace('_', '.')}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def tar(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return brotli.compress(made.getvalue())


def test_the_users_own_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = program(tmp_path / "own", "Chromium 151.2.3.4 built on Debian")
    monkeypatch.setenv(chromium.ENVIRONMENT, str(own))
    assert chromium.chromium() == chromium.Chromium(own, None, "151.2.3.4")
    assert chromium.likely_version() == "151.2.3.4"


def test_the_users_own_must_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(chromium.ENVIRONMENT, str(tmp_path / "absent"))
    with pytest.raises(LabError, match="no Chromium that runs") as caught:
        chromium.chromium()
    assert "chromium-headless-shell" in caught.value.action


def test_an_installed_one_that_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(chromium.ENVIRONMENT, raising=False)
    old = program(tmp_path / "old", "Chromium 90.0.0.1")
    new = program(tmp_path / "new", "Chromium 156.0.0.1")
    monkeypatch.setattr(chromium, "_INSTALLED", (str(old), str(new)))
    assert chromium.present() == str(new)
    assert chromium.chromium().program == new


def test_unpacking(tmp_path: Path) -> None:
    package = packed(
        chromium_br=brotli.compress(b"ELF"), al2023_tar_br=tar("lib/libnss3.so", b"library")
    )
    made = chromium.unpack(package, tmp_path / "made")
    assert (made / "chromium").read_bytes() == b"ELF"
    assert (made / "chromium").stat().st_mode & 0o100
    assert (made / "lib/libnss3.so").read_bytes() == b"library"


def test_none_and_no_way_to_fetch_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(chromium.ENVIRONMENT, raising=False)
    monkeypatch.setenv("LEAK_HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(chromium, "_INSTALLED", ())
    npm = program(tmp_path / "npm", "no network")
    monkeypatch.setattr(chromium, "npm", lambda: (str(npm),))
    with pytest.raises(LabError, match="cannot be fetched") as caught:
        chromium.chromium()
    assert "install Chromium" in caught.value.action
    assert chromium.present() == ""
    assert chromium.likely_version() == chromium.BUNDLED_VERSION


def test_another_content_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(chromium.ENVIRONMENT, raising=False)
    monkeypatch.setenv("LEAK_HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(chromium, "_INSTALLED", ())
    npm = program(tmp_path / "npm", "")
    npm.write_text('#!/bin/sh\nfor last; do :; done\necho other > "$last/x.tgz"\n')
    monkeypatch.setattr(chromium, "npm", lambda: (str(npm),))
    with pytest.raises(LabError, match="not the pinned one"):
        chromium.chromium()
