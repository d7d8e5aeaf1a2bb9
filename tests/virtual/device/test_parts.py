"""Which APKs make one package, in Android's words (AOSP `PackageInstallerSession`, 14)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.virtual.device.parts import InstallFailure, Part, assembled
from tests.virtual.fakes.apks import fake_apk, manifest_of
from tests.virtual.fakes.shell import PACKAGE

Make = Callable[..., Part]


@pytest.fixture
def part(tmp_path: Path) -> Make:
    def make(split: str = "", signer: str = "aa", package: str = PACKAGE, **fields: Any) -> Part:
        apk = fake_apk(tmp_path / f"{split or 'base'}.apk", package, split=split, **fields)
        return Part(f"/data/app/vmdl1.tmp/{apk.name}", apk, manifest_of(apk), (signer,))

    return make


def test_a_base_with_splits(part: Make) -> None:
    whole = assembled([part("config.de"), part(), part("camera")])
    assert whole.base.split == ""
    assert [each.split for each in whole.splits] == ["camera", "config.de"]
    activities = [activity.name for activity in whole.manifest.activities]
    assert f"{PACKAGE}.camera.SplitActivity" in activities
    assert whole.manifest.launcher_activity == f"{PACKAGE}.MainActivity"


@pytest.mark.parametrize(
    ("base", "split", "text"),
    [
        (None, {}, "INSTALL_FAILED_INVALID_APK: Full install must include a base package"),
        (
            {},
            {"package": "org.other.app"},
            "INSTALL_FAILED_INVALID_APK: /data/app/vmdl1.tmp/de.apk package org.other.app "
            f"inconsistent with {PACKAGE}",
        ),
        (
            {"code": 3},
            {"code": 4},
            "INSTALL_FAILED_INVALID_APK: /data/app/vmdl1.tmp/de.apk version code 4 "
            "inconsistent with 3",
        ),
        (
            {},
            {"signer": "bb"},
            "INSTALL_FAILED_INVALID_APK: /data/app/vmdl1.tmp/de.apk signatures are inconsistent",
        ),
        (
            {},
            {"split": ""},
            "INSTALL_FAILED_INVALID_APK: Split null was defined multiple times",
        ),
    ],
)
def test_what_does_not_belong_together(
    part: Make, base: dict[str, Any] | None, split: dict[str, Any], text: str
) -> None:
    parts = [] if base is None else [part(**base)]
    with pytest.raises(InstallFailure) as caught:
        assembled([*parts, part(**{"split": "de", **split})])
    assert str(caught.value) == text


def test_a_base_that_needs_splits(part: Make) -> None:
    with pytest.raises(InstallFailure) as caught:
        assembled([part(split_required=True)])
    assert str(caught.value) == f"INSTALL_FAILED_MISSING_SPLIT: Missing split for {PACKAGE}"
    assert assembled([part(split_required=True), part("de")]).splits


def test_a_session_that_adds_to_a_package(part: Make) -> None:
    existing = [part(), part("de"), part("fr")]
    whole = assembled([part("fr"), part("it")], existing, package=PACKAGE)
    assert [each.split for each in whole.splits] == ["de", "fr", "it"]
    left = assembled([], existing, removed=["de"], package=PACKAGE)
    assert [each.split for each in left.splits] == ["fr"]
    with pytest.raises(InstallFailure, match="Existing base version code 1 inconsistent with 2"):
        assembled([part("it", code=2)], existing, package=PACKAGE)
    with pytest.raises(InstallFailure, match="specified package other inconsistent with"):
        assembled([part("it")], existing, package="other")
