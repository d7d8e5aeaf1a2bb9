"""Manifests of real APKs, and what is none; refusals in the words of AOSP (`rejections`)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from harness.virtual.apk import manifest as module
from harness.virtual.apk.manifest import Component, read_manifest, resolved
from harness.virtual.apk.rejections import (
    BadPackageName,
    BrokenManifest,
    InstallRejected,
    NoManifest,
    NotAnApk,
)


def test_the_sample_app(clinic: Path) -> None:
    manifest = read_manifest(clinic)
    assert manifest.package == "org.example.clinic"
    assert (manifest.version_name, manifest.version_code) == ("2.4.1", 241)
    assert (manifest.min_sdk, manifest.target_sdk) == (26, 34)
    assert manifest.debuggable
    assert manifest.launcher_component == "org.example.clinic/org.example.clinic.SearchActivity"
    assert manifest.application == "org.example.clinic.ClinicApp"
    assert [(a.name.rpartition(".")[2], a.exported) for a in manifest.activities] == [
        ("SearchActivity", True),
        ("PrivacyActivity", False),
    ]
    assert "android.permission.INTERNET" in manifest.permissions
    assert manifest.native_abis == ()


def _zip(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("classes.dex", b"")
        for name, content in files.items():
            archive.writestr(f"{name}.xml", content)
    return path


def _refusals(tmp_path: Path) -> dict[str, tuple[Path, type[InstallRejected], str]]:
    not_zip = tmp_path / "a.apk"
    not_zip.write_bytes(b"hello" * 99)
    base = "/data/app/vmdl1.tmp/base.apk"
    return {
        "not a zip": (
            not_zip,
            NotAnApk,
            f"INSTALL_PARSE_FAILED_NOT_APK: Failed to parse {base}: "
            f"Failed to load asset path {base}",
        ),
        "no manifest": (
            _zip(tmp_path / "b.apk"),
            NoManifest,
            "INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION: "
            f"Failed to parse {base}: AndroidManifest.xml",
        ),
        "text manifest": (
            _zip(tmp_path / "c.apk", AndroidManifest=b"<manifest package='a.b'/>"),
            BrokenManifest,
            "INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION: "
            f"Failed to parse {base}: Corrupt XML binary file",
        ),
    }


@pytest.mark.parametrize("case", ["not a zip", "no manifest", "text manifest"])
def test_refusals_are_androids(tmp_path: Path, case: str) -> None:
    apk, kind, text = _refusals(tmp_path)[case]
    with pytest.raises(kind) as caught:
        read_manifest(apk)
    assert caught.value.text("/data/app/vmdl1.tmp/base.apk") == text
    assert isinstance(caught.value, ValueError)


def test_a_truncated_apk_is_not_an_apk(altered: Path) -> None:
    altered.write_bytes(altered.read_bytes()[:200_000])
    with pytest.raises(NotAnApk):
        read_manifest(altered)


def _interpreted(text: str, names: list[str] | None = None) -> module.Manifest:
    root = module.ElementTree.fromstring(
        '<manifest xmlns:android="http://schemas.android.com/apk/res/android" ' + text
    )
    return module._interpreted(root, names or [])


def test_components_defaults_and_abis() -> None:
    manifest = _interpreted(
        """package="a.b" android:versionCode="0x10" android:versionName="@7f010001">
        <application>
          <activity-alias android:name=".Alias" android:targetActivity=".Real">
            <intent-filter><action android:name="android.intent.action.MAIN"/>
              <category android:name="android.intent.category.LAUNCHER"/></intent-filter>
          </activity-alias>
          <activity android:name=".Off" android:enabled="false"/>
          <service android:name="Job"/>
          <receiver android:name="c.d.Ear"><intent-filter>
            <action android:name="X"/></intent-filter></receiver>
          <provider android:name=".P" android:authorities="a;b" android:exported="false"/>
        </application></manifest>""",
        ["lib/x86_64/liba.so", "lib/x86_64/libb.so", "lib/arm64-v8a/liba.so", "lib/x86_64/a/b.so"],
    )
    assert (manifest.version_code, manifest.version_name) == (16, "")
    assert (manifest.min_sdk, manifest.target_sdk) == (1, 1)
    assert manifest.launcher_activity == "a.b.Real"
    assert [activity.name for activity in manifest.activities] == ["a.b.Real"]
    assert manifest.services == (Component("a.b.Job", exported=False),)
    assert manifest.receivers == (Component("c.d.Ear", exported=True, actions=("X",)),)
    assert manifest.providers == (Component("a.b.P", exported=False, authorities=("a", "b")),)
    assert manifest.native_abis == ("x86_64", "arm64-v8a")
    assert not manifest.debuggable


@pytest.mark.parametrize("package", ["", "nodots", "1a.b", "a..b", "a.b-c"])
def test_a_bad_package_name_is_refused(package: str) -> None:
    with pytest.raises(BadPackageName):
        _interpreted(f'package="{package}"/>')


@pytest.mark.parametrize(
    ("name", "full"), [(".A", "p.q.A"), ("A", "p.q.A"), ("x.A", "x.A"), ("", "")]
)
def test_class_names_are_resolved_as_android_does(name: str, full: str) -> None:
    assert resolved(name, "p.q") == full
