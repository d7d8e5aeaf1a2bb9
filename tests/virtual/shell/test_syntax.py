"""The tree of a command line."""

from __future__ import annotations

import pytest

from harness.virtual.shell.parser import parse
from harness.virtual.shell.syntax import Simple


@pytest.mark.parametrize(
    ("line", "substitutes"),
    [("x=1", False), ("x=$(a)", True), ("x=a`b`c", True), ("x=$y", False), ("x=1 y=$(a) b", True)],
)
def test_whether_assignments_run_a_command(line: str, substitutes: bool) -> None:
    command = parse(line).items[0].parts[0][1].commands[0]
    assert isinstance(command, Simple)
    assert command.substitutes is substitutes
