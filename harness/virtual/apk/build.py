"""A signed, installable APK from the sources of a sample app, without any Android SDK.

Input: an app's folder and a flavour. Output: an APK in the cache or at a given path. aapt2, the
Eclipse compiler, D8 and apksig do the work. Two builds of the same sources give the same bytes:
entries have a fixed time and order, the key is a public test key, the signature deterministic.
Refuses AARs with native libraries (their alignment is not taken care of here).
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.errors import ScenarioError
from harness.virtual.toolchain import (
    JavaProgramFailed,
    aapt2,
    aars,
    artifacts,
    cache_root,
    compile_java,
    run_java,
)
from harness.virtual.toolchain.archive import Entry, write_zip
from harness.virtual.toolchain.cache import file_sha256, key_of, locked, publish, scratch

from .app import App, read_app
from .javatools import run_tool
from .resources import link

TEST_KEY = Path(__file__).with_name("testkey.pem")
_D8 = "com.android.tools.r8.D8"
_OWN_SOURCES = ("app.py", "build.py", "resources.py", "java/leakharness/apk/SignApk.java")
# What Android's packager leaves out of the jars of libraries.
_LEFT_OUT = re.compile(
    r".*\.class|.*/|META-INF/(MANIFEST\.MF|.*\.(SF|RSA|DSA|EC)|maven/.*|versions/.*"
    r"|com/android/build/.*|.*\.kotlin_module|proguard/.*|NOTICE.*|LICENSE.*)"
    r"|.*\.(proto|kotlin_builtins|kotlin_metadata)"
)
# Android 11 and newer want the resource table uncompressed and at a multiple of 4 bytes.
_STORED = re.compile(r"resources\.arsc|.*\.(png|jpg|webp|gif)")
_ALIGNMENT = 4


def build_app(app_dir: Path, flavour: str, *, out: Path | None = None) -> Path:
    """Build one flavour; at once when nothing changed since the last time.

    Args:
        app_dir: folder with `app.yaml` (see `app`).
        flavour: one of those that it lists.
        out: copy the APK there, too; the return value is then this path.

    Raises:
        ScenarioError: errors in the description, the resources or the sources.
    """
    app = read_app(app_dir).of(flavour)
    source_sets = app.source_sets(flavour)
    name = f"{app.package.rpartition('.')[2]}-{flavour}-{app.version_name}.apk"
    apk = cache_root() / "apk" / _key(app, source_sets) / name
    if not apk.is_file():
        with locked(f"apk-{apk.parent.name}"), scratch() as folder:
            if not apk.is_file():
                publish(_built(app, source_sets, folder), apk)
    if out is None:
        return apk
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(apk, out)
    return out


def _key(app: App, source_sets: Sequence[Path]) -> str:
    parts: list[str | bytes] = [(app.folder / "app.yaml").read_bytes(), TEST_KEY.read_bytes()]
    parts += [Path(__file__).parent.joinpath(name).read_bytes() for name in _OWN_SOURCES]
    parts += [file_sha256(aapt2())]
    for place in source_sets:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            parts += [path.relative_to(app.folder).as_posix(), path.read_bytes()]
    tools = artifacts("ecj", "r8", "apksig", "android-api")
    parts += [p.parent.name for p in (*tools, *artifacts(*app.libraries), *aars(*app.libraries))]
    return key_of(parts)


def _built(app: App, source_sets: Sequence[Path], folder: Path) -> Path:
    linked = link(app, source_sets, folder)
    libraries = artifacts(*app.libraries)
    java = [place / "java" for place in source_sets if (place / "java").is_dir()]
    android = artifacts("android-api")
    classes = compile_java(
        [*java, linked.java], [*libraries, *android], release="8", name=app.package
    )
    dex = _dexed([classes, *libraries], app.min_sdk, folder)
    unsigned, signed = folder / "unsigned.apk", folder / "signed.apk"
    entries = sorted(_entries(linked.archive, dex, libraries), key=_order)
    write_zip(unsigned, entries, alignment=_ALIGNMENT)
    run_tool("SignApk", [unsigned, signed, TEST_KEY, str(app.min_sdk)])
    return signed


def _dexed(jars: Sequence[Path], min_sdk: int, folder: Path) -> Path:
    out = folder / "dex"
    out.mkdir()
    arguments: list[str | Path] = ["--release", "--min-api", str(min_sdk), "--output", out]
    arguments += ["--lib", *artifacts("android-api")]
    try:
        run_java(_D8, [*arguments, *jars], classpath=artifacts("r8"))
    except JavaProgramFailed as error:
        raise ScenarioError("D8 refuses the classes", seen=error.output.strip()) from error
    return out


def _entries(base: Path, dex: Path, libraries: Iterable[Path]) -> Iterator[Entry]:
    seen: set[str] = set()
    for path in sorted(dex.glob("*.dex")):
        yield Entry(path.name, path.read_bytes())
    for archive in (base, *libraries):
        with zipfile.ZipFile(archive) as zipped:
            for name in zipped.namelist():
                if name in seen or (archive != base and _LEFT_OUT.fullmatch(name)):
                    continue
                seen.add(name)
                yield Entry(name, zipped.read(name), stored=bool(_STORED.fullmatch(name)))


def _order(entry: Entry) -> tuple[int, str]:
    """The manifest first, as readers that stop early expect it; then by name."""
    return (0 if entry.name == "AndroidManifest.xml" else 1), entry.name
