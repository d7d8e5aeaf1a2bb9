"""Builds the sample of split APKs: a base, a split for German, and a feature with code."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.virtual.apk.build import TEST_KEY
from harness.virtual.apk.javatools import run_tool
from harness.virtual.toolchain import aapt2, artifacts, compile_java, run_java
from harness.virtual.toolchain.archive import Entry, write_zip

APP = Path(__file__).with_name("app")
PACKAGE = "org.example.parts"
FEATURE_PACKAGE_ID = "0x80"
"""Resource ids of features begin there (bundletool's numbering), so that they do not collide."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Signed APKs of one package and version."""

    base: Path
    german: Path
    feature: Path


def build(folder: Path, version_code: int = 1) -> Parts:
    """Build all three below `folder`."""
    (android,) = artifacts("android-api")
    version = ("--version-code", str(version_code), "--version-name", f"{version_code}.0")
    base, german, feature = (folder / f"{name}.zip" for name in ("base", "german", "feature"))
    gen, feature_gen = folder / "gen", folder / "feature-gen"
    _link("base", base, ["--java", gen, "--split", f"{german}:de", "-I", android, *version])
    _link(
        "feature",
        feature,
        [
            *("--java", feature_gen, "--custom-package", f"{PACKAGE}.feature_res"),
            *("-I", android, "-I", base, "--package-id", FEATURE_PACKAGE_ID, *version),
        ],
    )
    own = compile_java([APP / "base" / "java", gen], [android], release="8", name="base")
    more = compile_java(
        [APP / "feature" / "java", feature_gen], [own, android], release="8", name="feature"
    )
    return Parts(_signed(base, [own]), _signed(german, []), _signed(feature, [more], [own]))


def _link(part: str, target: Path, arguments: list[object]) -> None:
    compiled = target.with_name(f"{part}-res.zip")
    _aapt2("compile", "--dir", APP / part / "res", "-o", compiled)
    manifest = APP / part / "AndroidManifest.xml"
    _aapt2("link", "-o", target, "--manifest", manifest, *arguments, compiled)


def _aapt2(*words: object) -> None:
    done = subprocess.run([aapt2(), *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def _signed(linked: Path, classes: list[Path], beside: list[Path] | None = None) -> Path:
    unsigned, signed = linked.with_suffix(".unsigned"), linked.with_suffix(".apk")
    write_zip(unsigned, list(_entries(linked, classes, beside or [])), alignment=4)
    run_tool("SignApk", [unsigned, signed, TEST_KEY, "26"])
    return signed


def _entries(linked: Path, classes: list[Path], beside: list[Path]) -> Iterator[Entry]:
    with zipfile.ZipFile(linked) as archive:
        for name in archive.namelist():
            yield Entry(name, archive.read(name), stored=name == "resources.arsc")
    if classes:
        dex = linked.with_suffix(".dex")
        dex.mkdir()
        libraries = [word for jar in beside for word in ("--classpath", jar)]
        words = ["--release", "--min-api", "26", "--lib", *artifacts("android-api"), *libraries]
        run_java(
            "com.android.tools.r8.D8",
            [*words, "--output", dex, *classes],
            classpath=artifacts("r8"),
        )
        yield Entry("classes.dex", (dex / "classes.dex").read_bytes())
