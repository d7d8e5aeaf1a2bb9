from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from harness.errors import LabError, ScenarioError
from harness.virtual.toolchain import store as module
from harness.virtual.toolchain.coordinate import Coordinate
from harness.virtual.toolchain.lock import Lock, Pinned

from .server import serving


def _zip(**files: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return raw.getvalue()


def _pin(coordinate: str, content: bytes) -> Pinned:
    digest = hashlib.sha256(content).hexdigest()
    return Pinned(Coordinate.parse(coordinate), digest, len(content), "MIT")


AAR = _zip(classes_jar="the classes", AndroidManifest_xml="<manifest/>")
FAT_AAR = _zip(classes_jar="the classes", libs__more_jar="more")
FILES = {
    "demo:lib:1.0": b"old",
    "demo:lib:1.10": b"new",
    "demo:sdk:2:aar": AAR,
    "demo:fat:2:aar": FAT_AAR,
}
PINNED = {name: _pin(name, content) for name, content in FILES.items()}


@pytest.fixture(autouse=True)
def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock of our own, an empty cache, and a Maven cache of the user that holds the files."""
    lock = Lock(
        {
            "old": (PINNED["demo:lib:1.0"],),
            "new": (PINNED["demo:lib:1.10"],),
            "sdk": (PINNED["demo:sdk:2:aar"],),
            "fat": (PINNED["demo:fat:2:aar"],),
        }
    )
    monkeypatch.setattr(module, "load_lock", lambda: lock)
    monkeypatch.setenv("LEAK_HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for item in PINNED.values():
        c = item.coordinate
        place = tmp_path / "home" / ".m2" / "repository" / c.group / c.artifact / c.version
        place.mkdir(parents=True)
        (place / c.filename).write_bytes(FILES[str(c)])


def test_the_users_maven_cache_saves_the_download() -> None:
    (jar,) = module.artifacts("old")
    assert jar.read_bytes() == b"old"
    assert jar.name == "lib-1.0.jar"
    assert module.missing(["old"]) == ()
    assert [str(item.coordinate) for item in module.missing(["old", "sdk"])] == ["demo:sdk:2:aar"]


def test_the_newest_version_wins_where_sets_differ() -> None:
    for order in (("old", "new"), ("new", "old")):
        assert [jar.read_bytes() for jar in module.artifacts(*order)] == [b"new"]


def test_of_an_aar_the_classes_are_given() -> None:
    (jar,) = module.artifacts("sdk")
    assert (jar.name, jar.read_bytes()) == ("sdk-2.jar", b"the classes")
    assert module.artifacts("sdk") == (jar,)
    assert [path.read_bytes() for path in module.aars("sdk", "old")] == [AAR]


def test_an_aar_with_jars_of_its_own_is_refused() -> None:
    with pytest.raises(LabError, match="bundles jars"):
        module.artifacts("fat")


def test_an_altered_file_in_the_users_maven_cache_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "home" / ".m2" / "repository" / "demo" / "lib" / "1.0" / "lib-1.0.jar"
    place.write_bytes(b"odl")
    with serving() as site:
        (tmp_path / "jgo.conf").write_text(f"[repositories]\nmirror = {site.url}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(tmp_path / "jgo.conf"))
        site.files["/demo/lib/1.0/lib-1.0.jar"] = b"old"
        assert module.artifacts("old")[0].read_bytes() == b"old"
        assert len(site.asked) == 1
        module.artifacts("old")
        assert len(site.asked) == 1


def test_a_truncated_file_in_the_cache_is_replaced() -> None:
    (jar,) = module.artifacts("old")
    jar.write_bytes(b"ol")
    assert module.artifacts("old")[0].read_bytes() == b"old"


def test_an_unknown_set_is_the_callers_mistake() -> None:
    with pytest.raises(ScenarioError, match="no artifact set"):
        module.artifacts("sdks")
