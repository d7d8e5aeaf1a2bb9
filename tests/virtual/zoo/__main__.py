"""Writes `docs/clients.md`: `python -m tests.virtual.zoo`."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.virtual.zoo.rows import Row, page, rows_of

PAGE = Path(__file__).parents[3] / "docs" / "clients.md"
MODULES = (
    "test_adb",
    "test_splits",
    "test_python_adb",
    "test_frida",
    "test_remote_control",
    "test_bad_apks",
    "test_several_devices",
)
"""In the order of the page."""


def all_rows() -> list[Row]:
    modules = [importlib.import_module(f"{__package__}.{name}") for name in MODULES]
    return [row for module in modules for row in rows_of(module)]


if __name__ == "__main__":
    PAGE.write_text(page(all_rows()), encoding="utf-8")
