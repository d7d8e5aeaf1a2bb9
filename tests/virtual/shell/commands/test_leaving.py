"""What leaves, starts and waits; the rest is compared with mksh in `test_corpus`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("exit 300", "", 44),
        ("exit x", "", 1),
        ("f() { return 3; echo no; }; f; echo $?", "3\n", 0),
        ("sh -e -c 'false; echo no'", "", 1),
        ("x=1; sh -c 'echo [$x]'", "[]\n", 0),
        ("echo 'return 4' >/sdcard/s; . /sdcard/s; echo $?", "4\n", 0),
        (". /sdcard/none; echo $?", "1\n", 0),
        ("wait 77; echo $?", "127\n", 0),
        ("trap 'echo t' NOSUCH; echo $?", "1\n", 0),
        ("trap 'echo a' EXIT; trap", "trap -- 'echo a' EXIT\na\n", 0),
        ("exec nosuch; echo no", "", 127),
        ("echo() { command echo f $1; }; echo x", "f x\n", 0),
    ],
)
def test_leaving(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
