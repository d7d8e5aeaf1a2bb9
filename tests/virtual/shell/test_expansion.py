"""File name patterns and variables on the device's own file system."""

from __future__ import annotations

import pytest

from harness.virtual.shell.patterns import glob_escape
from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("echo *", "a.txt b.txt dir"),
        ("echo *.txt", "a.txt b.txt"),
        ("echo '*.txt'", "*.txt"),
        ("echo /sdcard/w/?.txt", "/sdcard/w/a.txt /sdcard/w/b.txt"),
        ("echo */*", "dir/c"),
        ("echo [b]*", "b.txt"),
        ("echo *.none", "*.none"),
        ("echo .h*", ".hidden"),
        ("x='*.txt'; echo $x; echo \"$x\"", "a.txt b.txt\n*.txt"),
        ("echo $PWD $? $0", "/storage/emulated/0/w 0 /system/bin/sh"),
        ("echo ${x:=d} $x", "d d"),
        ('set -- 1 2; for i in "$@"; do echo -n $i,; done', "1,2,"),
        ('x=; echo a${x}b "" c', "ab  c"),
    ],
)
def test_words_become_fields(rig: ShellRig, line: str, out: str) -> None:
    rig("mkdir -p /sdcard/w/dir; cd /sdcard/w; touch a.txt b.txt .hidden dir/c")
    assert rig(f"cd /sdcard/w; {line}").out.rstrip("\n") == out


def test_a_variable_that_must_be_set(rig: ShellRig) -> None:
    done = rig("echo ${nope:?is missing}; echo after $?")
    assert done.err == "/system/bin/sh: nope: is missing\n"
    assert (done.out, done.code) == ("", 1)


def test_escaped_patterns_match_themselves() -> None:
    assert glob_escape("a*b?[c") == "a[*]b[?][[]c"
