"""The Java side is compiled once and found again."""

from __future__ import annotations

import zipfile

import pytest

from harness.virtual.host.build import host_runtime

pytestmark = pytest.mark.device


def test_the_runtime_is_complete_and_the_same_each_time() -> None:
    runtime = host_runtime()
    assert host_runtime() == runtime
    for path in (runtime.java, runtime.android_jar, runtime.warmup_apk, *runtime.classpath):
        assert path.is_file()
    with zipfile.ZipFile(runtime.classpath[0]) as host:
        assert "org/leakharness/host/Main.class" in host.namelist()
    with zipfile.ZipFile(runtime.classpath[1]) as outer:
        assert outer.namelist() == ["android/app/Application.class"], "nothing else may shadow"
    for name in ("fonts/Roboto-Regular.ttf", "icu/icudt68l.dat", "hyphen-data"):
        assert (runtime.natives / name).exists()
    with zipfile.ZipFile(runtime.warmup_apk) as apk:
        assert "classes.dex" not in apk.namelist()
