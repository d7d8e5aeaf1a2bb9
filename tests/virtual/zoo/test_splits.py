"""Split APKs by both adb programs: installed, seen by the app, added, removed, refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.virtual.splits.building import PACKAGE, Parts, build
from tests.virtual.zoo.conftest import Program
from tests.virtual.zoo.rows import REFUSED, shows
from tests.virtual.zoo.test_adb import ADB

pytestmark = [pytest.mark.device, pytest.mark.xdist_group("zoo")]


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return build(tmp_path_factory.mktemp("parts"))


@pytest.fixture(autouse=True)
def uninstalled(adb_client: Program) -> Iterator[None]:
    yield
    adb_client("uninstall", PACKAGE)


def paths(adb: Program) -> list[str]:
    """The APKs as `pm path` tells them, without their folder."""
    return [line.rpartition("/")[2] for line in adb("shell", f"pm path {PACKAGE}").stdout.split()]


def shown(adb: Program, component: str = ".MainActivity") -> str:
    """The text on the screen after a start."""
    started = adb("shell", f"am start -S -W -n {PACKAGE}/{component}").stdout
    assert "Status: ok" in started, started
    dumped = adb("shell", "uiautomator dump /sdcard/s.xml && cat /sdcard/s.xml").stdout
    texts = re.findall(r' text="([^"]+)"', dumped)
    title, text = texts
    assert title == "Parts", dumped
    return str(text)


@shows(ADB, "`install-multiple` of a base, a language split and a feature split; `pm path`")
def test_splits(adb_client: Program, parts: Parts) -> None:
    done = adb_client("install-multiple", parts.base, parts.german, parts.feature)
    assert (done.returncode, "Success" in done.stdout) == (0, True), done
    assert paths(adb_client) == ["base.apk", "split_config.de.apk", "split_feature.apk"]
    assert shown(adb_client) == "Grüß Gott, [from the feature]"
    assert shown(adb_client, ".feature.FeatureActivity") == "activity [from the feature]"


@pytest.mark.slow
@shows(ADB, "splits added by `install-multiple -p` and removed by `pm uninstall PACKAGE SPLIT`")
def test_splits_are_added_and_removed(adb_client: Program, parts: Parts) -> None:
    adb_client("install-multiple", parts.base, parts.feature)
    assert shown(adb_client) == "hello, [from the feature]"
    assert adb_client("shell", f"pm uninstall {PACKAGE} feature").stdout == "Success\n"
    assert paths(adb_client) == ["base.apk"]
    assert shown(adb_client) == "hello, no feature"
    done = adb_client("install-multiple", "-r", "-p", PACKAGE, parts.german)
    assert (done.returncode, "Success" in done.stdout) == (0, True), done
    assert paths(adb_client) == ["base.apk", "split_config.de.apk"]
    assert shown(adb_client) == "Grüß Gott, no feature"


@pytest.mark.slow
@shows(
    ADB,
    "`install-multiple` without a base, or of APKs that do not belong together",
    REFUSED,
    "`Failure [INSTALL_FAILED_INVALID_APK: Full install must include a base package]`, "
    "`... package P inconsistent with Q`, `... version code V inconsistent with W`",
)
def test_splits_that_do_not_fit(
    adb_client: Program, parts: Parts, clinic_apk: Path, tmp_path: Path
) -> None:
    def refused(*apks: Path) -> str:
        done = adb_client("install-multiple", *apks)
        assert done.returncode == 1, done
        assert paths(adb_client) == []
        return done.stdout + done.stderr

    assert "Full install must include a base package" in refused(parts.german, parts.feature)
    assert "inconsistent with" in refused(clinic_apk, parts.german)
    newer = build(tmp_path, version_code=2)
    assert "version code 2 inconsistent with 1" in refused(parts.base, newer.feature)
