"""Dex to classes, judged by HotSpot 17's own verifier (`LoadAll` links every class)."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from harness.virtual.apk.convert import _DEX2JAR, convert
from harness.virtual.apk.rejections import BrokenDex, NotAnApk
from harness.virtual.toolchain import artifacts, cache_root, compile_java, run_java

LOAD_ALL = Path(__file__).parent / "java" / "LoadAll.java"


def _linked(jar: Path) -> dict[str, list[str]]:
    """What `LoadAll` prints: refused, linked, lacking."""
    tool = compile_java([LOAD_ALL], release="17", name="load-all")
    said = run_java(
        "LoadAll", [jar, *artifacts("android-api")], classpath=[tool], options=["-Xverify:all"]
    )
    lines: dict[str, list[str]] = {"refused": [], "linked": [], "lacking": []}
    for line in said.splitlines():
        key, equals, value = line.partition("=")
        if equals and key in lines:
            lines[key].append(value)
    return lines


def _class_names(jar: Path) -> list[str]:
    with zipfile.ZipFile(jar) as archive:
        return archive.namelist()


def test_every_class_of_the_sample_app_verifies(clinic: Path) -> None:
    jar = convert(clinic)
    names = _class_names(jar)
    for wanted in (
        "org/example/clinic/SearchActivity",
        "com/mixpanel/android/mpmetrics/MixpanelAPI",
        "com/amplitude/api/AmplitudeClient",
        "ly/count/android/sdk/Countly",
        "okhttp3/OkHttpClient",
        "kotlin/Unit",
    ):
        assert f"{wanted}.class" in names
    result = _linked(jar)
    assert result["refused"] == []
    counted = int(result["linked"][0]) + int(result["lacking"][0])
    assert counted == len(names)
    assert int(result["lacking"][0]) < len(names) // 20


def test_without_the_second_pass_they_would_not(clinic: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw.jar"
    run_java(_DEX2JAR, ["-f", "-n", "-dsn", "-o", raw, clinic], classpath=artifacts("dex"))
    assert _linked(raw)["refused"]


def test_converting_again_is_the_same_file_and_the_same_bytes(altered: Path) -> None:
    with zipfile.ZipFile(altered, "a") as archive:  # an APK that nobody else converts meanwhile
        archive.comment = b"own"
    first = convert(altered)
    assert convert(altered) == first
    before = first.read_bytes()
    shutil.rmtree(cache_root() / "converted" / first.parent.name)
    assert convert(altered).read_bytes() == before


def _with_dex(apk: Path, **files: bytes) -> Path:
    """An archive with other code; the signature does not matter to the converter."""
    target = apk.with_name("with-dex.apk")
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("AndroidManifest.xml", b"")
        for name, content in files.items():
            archive.writestr(f"{name}.dex", content)
    return target


def test_several_dex_files_become_one_jar(
    clinic: Path, clinic_folder: Path, altered: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(clinic) as archive:
        main = archive.read("classes.dex")
    (tmp_path / "Extra.java").write_text("package extra; public class Extra {}")
    jar = compile_java([tmp_path / "Extra.java"], release="8", name="extra")
    run_java(
        "com.android.tools.r8.D8",
        ["--min-api", "26", "--output", tmp_path, "--lib", *artifacts("android-api"), jar],
        classpath=artifacts("r8"),
    )
    second = (tmp_path / "classes.dex").read_bytes()
    names = _class_names(convert(_with_dex(altered, classes=main, classes2=second)))
    assert "extra/Extra.class" in names
    assert "org/example/clinic/ClinicApp.class" in names


@pytest.mark.parametrize("cut", [0, 50, 5000])
def test_broken_dex_is_refused(clinic: Path, altered: Path, cut: int) -> None:
    with zipfile.ZipFile(clinic) as archive:
        dex = archive.read("classes.dex")[:cut]
    with pytest.raises(BrokenDex) as caught:
        convert(_with_dex(altered, classes=dex))
    assert caught.value.detail


def test_an_app_without_code_gives_an_empty_jar(altered: Path) -> None:
    assert _class_names(convert(_with_dex(altered))) == []


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.apk").write_bytes(b"no zip at all")
    with pytest.raises(NotAnApk):
        convert(tmp_path / "x.apk")
