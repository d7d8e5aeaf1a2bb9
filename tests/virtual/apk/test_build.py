"""Builds with the real tools. Some tests do it in an empty cache of results: seconds each."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.virtual.apk.build import TEST_KEY, build_app
from harness.virtual.apk.manifest import read_manifest
from harness.virtual.toolchain import aapt2, cache_root

APP = """
package: org.example.demo
version: {name: "1.0", code: 7}
sdk: {min: 26, target: 34}
flavours: [plain, loud]
"""
MANIFEST = """<manifest xmlns:android="http://schemas.android.com/apk/res/android"
    package="org.example.demo">
    <application android:label="@string/name">
        <activity android:name=".Main" android:exported="true">
            <intent-filter>
                <action android:name="android.intent.action.MAIN" />
                <category android:name="android.intent.category.LAUNCHER" />
            </intent-filter>
        </activity>
        <provider android:name=".P" android:authorities="${applicationId}.p" />
    </application>
</manifest>
"""
MAIN = """package org.example.demo;
public class Main extends android.app.Activity {
    String text() { return getString(R.string.name) + Voice.TEXT; }
}
"""


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A tiny app with two flavours."""
    folder = tmp_path / "demo"
    sources = {
        "app.yaml": APP,
        "src/main/AndroidManifest.xml": MANIFEST,
        "src/main/java/org/example/demo/Main.java": MAIN,
        "src/main/res/values/strings.xml": "<resources><string name='name'>é</string></resources>",
    }
    for flavour in ("plain", "loud"):
        path = f"src/{flavour}/java/org/example/demo/Voice.java"
        text = f'class Voice {{ static final String TEXT = "{flavour}"; }}'
        sources[path] = f"package org.example.demo; {text}"
    for name, text in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _forget(apk: Path) -> None:
    """Take a build out of the cache, so that the next one is made anew."""
    assert apk.is_relative_to(cache_root() / "apk")
    shutil.rmtree(apk.parent)


def test_two_builds_from_two_places_are_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    first = build_app(demo, "loud")
    digest = _digest(first)
    _forget(first)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(demo, elsewhere)
    second = build_app(elsewhere, "loud", out=tmp_path / "out" / "demo.apk")
    assert second == tmp_path / "out" / "demo.apk"
    assert _digest(second) == digest


def test_what_is_in_it(demo: Path) -> None:
    apk = build_app(demo, "plain")
    assert apk.name == "demo-plain-1.0.apk"
    with zipfile.ZipFile(apk) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.getinfo("resources.arsc").compress_type == zipfile.ZIP_STORED
        assert b"plain" in archive.read("classes.dex")
        assert b"loud" not in archive.read("classes.dex")
    assert names[0] == "AndroidManifest.xml"
    assert len(names) == len(set(names))
    (provider,) = read_manifest(apk).providers
    assert provider.authorities == ("org.example.demo.p",)


def test_aapt2_reads_what_was_built(clinic: Path) -> None:
    said = subprocess.check_output([aapt2(), "dump", "badging", clinic], text=True)
    assert "package: name='org.example.clinic' versionCode='241' versionName='2.4.1'" in said
    assert "launchable-activity: name='org.example.clinic.SearchActivity'" in said
    assert "application-label:'Clinic'" in said
    assert "locales: '--_--' 'de' 'fr'" in said


def test_flavours_of_the_sample_differ_in_code_only(clinic_folder: Path) -> None:
    contents = []
    for flavour in ("leaky", "fixed"):
        with zipfile.ZipFile(build_app(clinic_folder, flavour)) as archive:
            names = [n for n in archive.namelist() if not n.startswith("META-INF/")]
            contents.append({name: archive.read(name) for name in names})
    leaky, fixed = contents
    assert leaky.keys() == fixed.keys()
    assert [name for name in leaky if leaky[name] != fixed[name]] == ["classes.dex"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("src/main/java/org/example/demo/Main.java", "R.string.name", "R.string.nam", "nam"),
        ("src/main/AndroidManifest.xml", "@string/name", "@string/nam", "string/nam"),
        ("src/main/res/values/strings.xml", "</string>", "", "strings.xml"),
    ],
)
def test_mistakes_are_quoted(demo: Path, file: str, old: str, new: str, said: str) -> None:
    path = demo / file
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        build_app(demo, "plain")
    assert said in str(caught.value)


def test_the_key_says_that_it_is_public() -> None:
    assert TEST_KEY.read_text().startswith("PUBLIC TEST KEY.")
