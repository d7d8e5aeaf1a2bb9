"""The page is the one that the tests' rows give, and every test of a client has its row."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.virtual.zoo.__main__ import MODULES, PAGE, all_rows
from tests.virtual.zoo.rows import LIMITED, REFUSED, WORKS, Row, page, rows_of


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(all_rows()), "run python -m tests.virtual.zoo"


def test_no_module_is_forgotten() -> None:
    found = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert found == {*MODULES, Path(__file__).stem}


@pytest.mark.parametrize("name", MODULES)
def test_every_test_shows_something(name: str) -> None:
    module = importlib.import_module(f"tests.virtual.zoo.{name}")
    tests = [value for key, value in vars(module).items() if key.startswith("test_")]
    assert tests
    assert [test.__name__ for test in tests if not hasattr(test, "zoo_rows")] == []
    for row in rows_of(module):
        assert row.outcome in (WORKS, REFUSED, LIMITED)
        assert row.answer or row.outcome == WORKS, row


def test_cells_stay_cells() -> None:
    text = page([Row("c", "a | b", WORKS, "one | two\nthree")])
    assert "| one \\| two three |" in text
