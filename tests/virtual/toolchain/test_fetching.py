"""The command line of the toolchain, as `make setup` uses it."""

from __future__ import annotations

import subprocess
import sys


def _toolchain(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harness.virtual.toolchain", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_fetching_what_is_there_says_nothing() -> None:
    first = _toolchain("fetch", "apksig", "asm")
    assert first.returncode == 0, first.stderr
    again = _toolchain("fetch", "apksig", "asm")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_an_unknown_set_is_an_error_with_a_hint_and_no_traceback() -> None:
    done = _toolchain("fetch", "apksigg")
    assert done.returncode == 2
    assert "did you mean 'apksig'" in done.stderr
    assert "Traceback" not in done.stderr


def test_programs_are_found_and_forwarded_to() -> None:
    assert _toolchain("has", "java").returncode == 0
    assert _toolchain("node", "-e", "console.log(1 + 1)").stdout == "2\n"
    assert _toolchain("npm", "--version").returncode == 0
