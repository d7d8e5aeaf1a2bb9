"""Advice that names an option must name one that exists: the next action has to work as printed."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from harness.cli import COMMANDS
from harness.settings import OPTIONS

ROOT = Path(__file__).parent.parent / "harness"
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
OF_OTHERS = {
    "--user",
    "--mode",
    "--classpath",
    "--release",
    "--min-api",
    "--output",
    "--lib",
    "--cap-add",
}
"""Options of programs that are not ours, in texts that speak of them."""


def known() -> set[str]:
    found = {option.flag for option in OPTIONS}

    def of(command: click.Command) -> None:
        for parameter in command.params:
            found.update(parameter.opts)
        for inner in getattr(command, "commands", {}).values():
            of(inner)

    for name in COMMANDS:
        of(import_module(f"harness.cli.{name}").command)
    return found


def actions(path: Path) -> list[str]:
    """Texts that are given as `action=...` or as a remedy anywhere in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    keywords = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    values = [word.value for word in keywords if word.arg in ("action", "remedy", "advice")]
    return [
        part.value
        for value in values
        for part in ast.walk(value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_options_in_advice_exist(path: Path) -> None:
    named = {option for text in actions(path) for option in OPTION.findall(text)}
    assert named - known() - OF_OTHERS == set()


def test_advice_is_found_at_all() -> None:
    texts = [text for path in ROOT.rglob("*.py") for text in actions(path)]
    assert len(texts) > 50
    assert any("--leak-" in text for text in texts)
