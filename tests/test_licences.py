"""The page of licences is made from what is installed, and nothing strong copyleft is among it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_page_is_up_to_date() -> None:
    made = subprocess.run(
        [sys.executable, "requirements/licences.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert made == (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
