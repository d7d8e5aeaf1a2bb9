"""An app's dex code as a jar that HotSpot 17 accepts.

Input: path of an APK. Output: path of a jar in the cache, one for each content of an APK. dex-tools
translates the bytecode; `RepairClasses` then recomputes stack map frames and the interface marks of
method references, which dex does not have and HotSpot's verifier insists on. All `classes*.dex` go
into one jar. Refuses dex that cannot be read (`BrokenDex`). An APK without code gives an empty jar.
"""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.virtual.toolchain import JavaProgramFailed, artifacts, cache_root, run_java
from harness.virtual.toolchain.archive import write_zip
from harness.virtual.toolchain.cache import file_sha256, key_of, locked, publish, scratch

from .dex import source_files
from .javatools import run_tool
from .rejections import BrokenDex, NotAnApk

_log = logging.getLogger(__name__)
_DEX2JAR = "com.googlecode.dex2jar.tools.Dex2jarCmd"
# Line numbers are kept (-d: a stack names file and line), names are left alone (-dsn).
_FLAGS = ("-d", "-f", "-n", "-dsn")
# dex-tools walks tables that are ordered by identity hash. HotSpot's default draws those from a
# random sequence for each thread; a plain counter makes the result the same every time.
_REPEATABLE = ("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=3")
_DEX_NAME = re.compile(r"classes\d*\.dex")
_TOOLS = Path(__file__).with_name("java") / "leakharness" / "apk" / "RepairClasses.java"


def convert(apk: Path, beside: Sequence[Path] = ()) -> Path:
    """The classes of `apk` as a jar; at once when this content was converted before.

    Args:
        beside: converted jars whose classes it builds on, for a split: those of the base APK.

    Raises:
        NotAnApk: not a zip archive.
        BrokenDex: code that cannot be translated; `detail` has the tool's words.
    """
    version = _version() if not beside else key_of([_version(), *map(file_sha256, beside)])[:16]
    jar = cache_root() / "converted" / file_sha256(apk) / f"classes-{version}.jar"
    if jar.is_file():
        return jar
    with locked(f"convert-{jar.parent.name}"), scratch() as folder:
        if not jar.is_file():
            publish(_converted(apk, beside, folder), jar)
    return jar


def _version() -> str:
    """Changes with everything that has an influence on the result."""
    tools = [path.parent.name for path in artifacts("dex", "asm", "android-api")]
    return key_of([*tools, *_FLAGS, *_REPEATABLE, _TOOLS.read_bytes()])[:16]


def _converted(apk: Path, beside: Sequence[Path], folder: Path) -> Path:
    raw, done = folder / "raw.jar", folder / "classes.jar"
    if not _dex_names(apk):
        return write_zip(done, ())
    try:
        said = run_java(
            _DEX2JAR,
            [*_FLAGS, "-o", raw, apk],
            classpath=artifacts("dex"),
            options=_REPEATABLE,
        )
    except JavaProgramFailed as error:
        raise BrokenDex(error.output.strip()) from error
    if not raw.is_file():
        raise BrokenDex(said.strip())
    sources = folder / "sources.txt"
    sources.write_text("".join(f"{name}\t{file}\n" for name, file in _sources(apk)), "utf-8")
    repaired = run_tool("RepairClasses", [raw, done, sources, *beside, *artifacts("android-api")])
    for line in repaired.splitlines():
        if line.startswith("unframed="):
            _log.warning("%s: no frames for %s", apk.name, line.partition("=")[2])
    return done


def _sources(apk: Path) -> Iterator[tuple[str, str]]:
    """Class and source file, as stack traces name it; whatever cannot be a line is left out."""
    with zipfile.ZipFile(apk) as archive:
        for name in _dex_names(apk):
            try:
                for pair in source_files(archive.read(name)):
                    if not any(set(text) & {"\t", "\n", "\r"} for text in pair):
                        yield pair
            except ValueError as error:
                raise BrokenDex(f"{name}: {error}") from error


def _dex_names(apk: Path) -> list[str]:
    try:
        with zipfile.ZipFile(apk) as archive:
            return [name for name in archive.namelist() if _DEX_NAME.fullmatch(name)]
    except zipfile.BadZipFile as error:
        raise NotAnApk(str(error)) from error
