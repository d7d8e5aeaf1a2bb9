"""Small tools; the rest is compared with toybox in `test_corpus`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("seq 5 -2 1", "5\n3\n1\n", 0),
        ("seq x", "", 1),
        ("echo a | tee /system/x; echo $?", "a\n1\n", 0),
        ("timeout 0.1 sleep 5; echo $?", "124\n", 0),
        ("timeout 5 sh -c 'exit 3'; echo $?", "3\n", 0),
        ("yes no | head -n 2", "no\nno\n", 0),
        (
            "d=$(mktemp -d); ls -d $d | wc -l; f=$(mktemp -p $d x.XX); test -f $f && echo made",
            "1\nmade\n",
            0,
        ),
        ("printf 'ab\\ncd\\n' | tac | rev", "dc\nba\n", 0),
        ("hostname; nproc", "localhost\n2\n", 0),
    ],
)
def test_tools(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
