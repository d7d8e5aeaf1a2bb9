"""Loops, branches, functions; the rest is compared with mksh in `test_corpus`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("f() { f; }; f; echo no", "", 1),
        ('f() { echo $1; shift; [ $# -gt 0 ] && f "$@"; }; f a b c', "a\nb\nc\n", 1),
        ("case '*' in '*') echo star;; esac; case a in '*') echo no;; esac", "star\n", 0),
        ("[[ -z $nosuch && ! ( a = b ) ]] && echo yes", "yes\n", 0),
        ("for i in 1 2; do for j in a b; do break 2; done; done; echo $i$j", "1a\n", 0),
        ("f() { echo x; } >/sdcard/o; f; cat /sdcard/o", "x\n", 0),
        ("if false; then :; fi; echo $?", "0\n", 0),
        ("((0)); echo $?", "1\n", 0),
    ],
)
def test_flow(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
