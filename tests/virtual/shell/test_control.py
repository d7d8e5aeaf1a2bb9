"""`exit`, `break` and `continue` reach the right place."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("(exit 3); echo $?", "3\n", 0),
        ("x=$(exit 4); echo $?", "4\n", 0),
        ("exit 5 | cat; echo $?", "0\n", 0),
        ("for i in 1 2; do for j in a b; do break; done; echo $i; done", "1\n2\n", 0),
        ("while true; do exit 6; done", "", 6),
        ("break; echo lost", "", 0),
        ("eval 'exit 7'; echo never", "", 7),
    ],
)
def test_leaving(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code)
