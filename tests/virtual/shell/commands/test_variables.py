"""Variables, options and arguments; the rest is compared with mksh in `test_corpus`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("export 1=2", "", 1),
        ("f() { local x; x=1; }; x=0; f; echo $x", "0\n", 0),
        ("readonly x=1; unset x; echo no", "", 2),
        ("set -e -u; echo $-; set +e; echo $-", "eu\nu\n", 0),
        ("set a b; echo $# $2", "2 b\n", 0),
        ("let x=0; echo $?", "1\n", 0),
        ("printf a | read x; echo $?", "1\n", 0),
        ("printf 'a\\\\\\nb\\n' | { read x; echo $x; }", "ab\n", 0),
        (
            "set -- -xv y; while getopts xv: o; do echo $o$OPTARG; done; echo $OPTIND",
            "x\nvy\n3\n",
            0,
        ),
        ("x=a; x+=b; echo $x", "ab\n", 0),
    ],
)
def test_variables(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
