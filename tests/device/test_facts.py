from __future__ import annotations

from harness.device.facts import ShellResult


def test_what_was_seen_is_one_line_and_bounded() -> None:
    assert ShellResult("a\n b \n", "c\n", 2).seen == "exit 2: a / b c"
    assert ShellResult("", "", 1).seen == "exit 1: (no output)"
    assert len(ShellResult("x" * 10_000, "", 0).seen) < 500
    assert ShellResult("", "", 0).ok
    assert not ShellResult("", "", 1).ok
