"""The agent's TypeScript: strict types, and its own tests under Node on a fake Java bridge."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from harness.virtual.toolchain import node

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / "hooks"
CORPUS = ROOT / "tests" / "corpus" / "wire"
LIMIT_S = 300


def run(*argv: str | Path, cwd: Path = HOOKS, **env: str) -> str:
    done = subprocess.run(
        [str(node()), *map(str, argv)],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def typescript(*argv: str | Path) -> str:
    compiler = HOOKS / "node_modules" / "typescript" / "lib" / "tsc.js"
    if not compiler.is_file():
        pytest.fail("hooks/node_modules is missing: run make setup")
    return run(compiler, *argv)


def test_types_are_strict() -> None:
    typescript("--noEmit", "-p", "tsconfig.json")


def test_on_a_fake_bridge(tmp_path: Path) -> None:
    typescript("-p", "tsconfig.tests.json", "--outDir", tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    out = run("--test", "tests/hooks/", cwd=tmp_path, LEAK_WIRE_CORPUS=str(CORPUS))
    passed = re.search(r"^# pass (\d+)$", out, re.MULTILINE)
    assert passed is not None
    assert int(passed.group(1)) >= 56
    assert "# fail 0" in out
    assert "# skipped 0" in out


def test_packages_are_pinned_without_a_registry() -> None:
    lock = (HOOKS / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    package = (HOOKS / "package.json").read_text()
    assert not re.search(r'": "[~^>*]', package)
