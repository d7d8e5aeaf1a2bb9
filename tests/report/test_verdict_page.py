"""`docs/verdict.md` is what the table says now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harness.findings.verdict import TABLE
from harness.report.verdict_page import page

PAGE = Path(__file__).parents[2] / "docs" / "verdict.md"


def test_the_page_is_up_to_date() -> None:
    remedy = "python -m harness.report.verdict_page > docs/verdict.md"
    assert PAGE.read_text(encoding="utf-8") == page(), f"run: {remedy}"


def test_every_row_is_on_the_page_once() -> None:
    lines = page().splitlines()
    for row in TABLE:
        assert sum(line.startswith(f"| `{row.key}` |") for line in lines) == 1


def test_the_module_prints_the_page() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "harness.report.verdict_page"],
        check=True,
        capture_output=True,
        cwd=PAGE.parents[1],
    )
    assert done.stdout.decode() == page()
