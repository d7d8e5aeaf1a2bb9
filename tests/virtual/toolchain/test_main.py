"""The maintenance commands: their exit codes, and what a wrong name gets."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from harness.virtual.toolchain.__main__ import main
from harness.virtual.toolchain.sets import RECIPES


@pytest.mark.parametrize("program", ["java", "node"])
def test_has_says_by_its_exit_code(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(main, ["has", program]).exit_code == 0


def test_node_is_run_in_our_place() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "harness.virtual.toolchain", "node", "-p", "6 * 7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "42\n")


def test_fetching_a_full_cache_says_nothing_and_needs_no_network() -> None:
    ran = CliRunner().invoke(main, ["fetch", "ecj"])
    assert (ran.exit_code, ran.output) == (0, "")


def test_an_unknown_set_is_named() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "harness.virtual.toolchain", "fetch", "nonsense"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "nonsense" in ran.stderr
    assert RECIPES[0].name in ran.stderr
    assert "Traceback" not in ran.stderr
