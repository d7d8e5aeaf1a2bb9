"""Java sources to a jar, without a JDK: Eclipse's batch compiler on the JRE, results cached.

Input: source files or folders, class path, language level. Output: a jar of class files (and of
the other files in the source folders), the same bytes for the same input. The cache key covers
sources, class path contents, level and compiler. Refuses sources with errors, quoting the compiler.

Level 8 compiles against the running JRE 17 plus the class path. From 9 on the compiler refuses a
class path that repeats packages of the JRE (android-all does): use `android_for_modules()` there.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from harness.errors import ScenarioError

from .archive import Entry, write_zip, zip_folder
from .cache import cache_root, file_sha256, key_of, locked, publish, scratch
from .jvm import JavaProgramFailed, run_java
from .store import artifacts

_MAIN = "org.eclipse.jdt.internal.compiler.batch.Main"
_JRE_PACKAGES = ("java/", "javax/xml/", "jdk/", "sun/", "org/w3c/", "org/xml/")
_FORMAT = "1"  # raise it when the way of compiling changes


def compile_java(
    sources: Iterable[Path],
    classpath: Sequence[Path] = (),
    *,
    release: str,
    name: str,
    boot: Sequence[Path] = (),
) -> Path:
    """Compile to `<cache>/java/<key>/<name>.jar` and return that path.

    Args:
        sources: `.java` files, and folders that are searched for them; other files in folders go
            into the jar as resources, `package-info.java` included.
        classpath: jars and class folders.
        release: language level and class file version, `"8"` or `"17"`.
        name: of the jar; no influence on its contents.
        boot: for level 8, what stands in for the JRE's own classes.

    Raises:
        ScenarioError: the compiler found errors; they are quoted.
    """
    places = [Path(place) for place in sources]
    files = _files_of(places)
    key = _key(files, [*classpath, *boot], (release, str(len(boot))))
    jar = cache_root() / "java" / key / f"{name}.jar"
    if jar.is_file():
        return jar
    with locked(f"java-{key}"), scratch() as folder:
        if not jar.is_file():
            out = folder / "out"
            out.mkdir()
            java_files = [path for path in files.values() if path.suffix == ".java"]
            _run_compiler(java_files, classpath, boot, release, out, name)
            for inner, path in files.items():
                if path.suffix != ".java":
                    (out / inner).parent.mkdir(parents=True, exist_ok=True)
                    (out / inner).write_bytes(path.read_bytes())
            publish(zip_folder(out, folder / "out.jar"), jar)
    return jar


def android_for_modules() -> Path:
    """The plain Android API jar without the packages of the JRE, to compile at level 9 and up."""
    (whole,) = artifacts("android-api")
    jar = cache_root() / "java" / key_of([whole.parent.name, *_JRE_PACKAGES]) / "android-api.jar"
    if jar.is_file():
        return jar
    with locked("android-without-jre"), scratch() as folder, zipfile.ZipFile(whole) as archive:
        if not jar.is_file():
            names = [n for n in archive.namelist() if n.endswith(".class")]
            kept = sorted(name for name in names if not name.startswith(_JRE_PACKAGES))
            entries = (Entry(name, archive.read(name), stored=True) for name in kept)
            publish(write_zip(folder / "android.jar", entries), jar)
    return jar


def _files_of(places: Sequence[Path]) -> dict[str, Path]:
    """Relative name to path, sorted; a folder gives all that is below it."""
    files: dict[str, Path] = {}
    for place in places:
        if place.is_dir():
            found = (path for path in place.rglob("*") if path.is_file())
            files.update({path.relative_to(place).as_posix(): path for path in found})
        else:
            files[place.name if place.suffix != ".java" else str(place)] = place
    if not any(path.suffix == ".java" for path in files.values()):
        raise ScenarioError(
            "there is no Java source to compile", where=", ".join(map(str, places)) or "(nothing)"
        )
    return dict(sorted(files.items()))


def _key(files: dict[str, Path], classpath: Iterable[Path], options: Iterable[str]) -> str:
    parts: list[str | bytes] = [_FORMAT, artifacts("ecj")[0].parent.name, *options]
    for name, path in files.items():
        parts += [Path(name).name if Path(name).is_absolute() else name, path.read_bytes()]
    parts += [content_key(path) for path in classpath]
    return key_of(parts)


def content_key(path: Path) -> str:
    """A digest of a jar, file or folder; files of our cache carry theirs in their folder's name."""
    if path.is_dir():
        files = sorted(inner for inner in path.rglob("*") if inner.is_file())
        return key_of(p for f in files for p in (f.relative_to(path).as_posix(), f.read_bytes()))
    if path.is_relative_to(cache_root()):
        return path.relative_to(cache_root()).as_posix()
    return file_sha256(path)


def _run_compiler(
    files: Sequence[Path],
    classpath: Sequence[Path],
    boot: Sequence[Path],
    release: str,
    out: Path,
    name: str,
) -> None:
    arguments: list[str | Path] = [f"-{release}", "-g", "-proc:none", "-nowarn"]
    arguments += ["-encoding", "UTF-8", "-d", out]
    if classpath:
        arguments += ["-cp", ":".join(map(str, classpath))]
    if boot:
        arguments += ["-bootclasspath", ":".join(map(str, boot))]
    try:
        run_java(_MAIN, [*arguments, *files], classpath=artifacts("ecj"))
    except JavaProgramFailed as error:
        raise ScenarioError(
            f"the Java sources of {name} do not compile", seen=error.output.strip()
        ) from error
