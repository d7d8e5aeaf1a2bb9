"""The page of commands is the one that the tables give."""

from __future__ import annotations

from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table
from harness.virtual.shell.commands import all_commands
from harness.virtual.shell.commands.provenance import PAGE, page, unverified


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(all_commands()), (
        "run python -m harness.virtual.shell.commands.provenance"
    )


def test_every_command_is_on_the_page_once() -> None:
    rows = [line for line in page(all_commands()).splitlines() if line.startswith("| `")]
    cells = [row.split(" | ")[0].removeprefix("| ") for row in rows]
    names = [name.strip("`") for cell in cells for name in cell.split(", ")]
    assert sorted(names) == sorted(all_commands())


def test_what_nobody_has_compared() -> None:
    async def run(call: Invocation) -> int:
        return 0

    commands: dict[str, Command] = table(Origin(Evidence.UNVERIFIED), {"b": run, "a": run})
    commands |= table(Origin(Evidence.SOURCE, "AOSP x.cpp"), {"c": run})
    assert unverified(commands) == ["a", "b"]
    text = page(commands)
    assert "| `a`, `b` | none |" in text
    assert "| `c` | AOSP x.cpp |" in text
    assert "## Recorded" not in text
    assert set(unverified()) <= set(all_commands())
