"""From the toolchain to a `HostRuntime`: compile the Java side once, make the warm-up APK.

Input: the sources in `harness/virtual/java` and the toolchain's artifacts. Output: paths in the
cache, made when missing. Refuses nothing itself; the toolchain's errors pass through.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

from harness.errors import BugError
from harness.virtual.host.model import HostRuntime
from harness.virtual.toolchain import aapt2, artifacts, cache_root, compile_java, java
from harness.virtual.toolchain.cache import file_sha256, key_of, locked, publish, scratch

SOURCES = Path(__file__).parents[1] / "java"

_NATIVES = ("fonts/", "hyphen-data/", "icu/", "native/linux/x86_64/")
_RELEASE = "8"  # the compiler takes android-all, which repeats the JRE's packages, only with this


def host_runtime() -> HostRuntime:
    """Everything an app process is started from; quick when it was made before.

    Raises:
        LabError: no Java 17, no network for what is missing.
    """
    (android_api,) = artifacts("android-api")
    (android_jar,) = artifacts("android")
    robolectric = artifacts("robolectric")
    host = compile_java(
        [SOURCES / "host", SOURCES / "androidx_test"],
        [android_api, *robolectric],
        release=_RELEASE,
        name="host",
    )
    outer = compile_java([SOURCES / "outer"], release=_RELEASE, name="outer")
    return HostRuntime(
        java=java(),
        classpath=(host, outer, *robolectric),
        android_jar=android_jar,
        warmup_apk=_warmup_apk(android_api),
        natives=_natives(robolectric),
    )


def _natives(robolectric: Sequence[Path]) -> Path:
    """Native library, fonts and tables, unpacked once for all processes."""
    (jar,) = (path for path in robolectric if path.name.startswith("nativeruntime-dist"))
    folder = cache_root() / "natives" / key_of([jar.name, *_NATIVES])
    if not folder.is_dir():
        with locked("natives"), scratch() as made_in:
            if not folder.is_dir():
                made = made_in / "natives"
                with zipfile.ZipFile(jar) as archive:
                    names = [one for one in archive.namelist() if one.startswith(_NATIVES)]
                    archive.extractall(made, names)
                publish(made, folder)
    return folder


def _warmup_apk(android_api: Path) -> Path:
    manifest = SOURCES / "warmup" / "AndroidManifest.xml"
    key = key_of([manifest.read_bytes(), file_sha256(aapt2()), android_api.name])
    apk = cache_root() / "warmup" / key / "warmup.apk"
    if apk.is_file():
        return apk
    with locked(f"warmup-{key}"), scratch() as folder:
        if not apk.is_file():
            made = folder / "warmup.apk"
            parts = (aapt2(), "link", "-I", android_api, "--manifest", manifest, "-o", made)
            argv = [str(part) for part in parts]
            done = subprocess.run(argv, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise BugError(
                    "aapt2 does not link the warm-up APK", where=str(manifest), seen=done.stderr
                )
            publish(made, apk)
    return apk
