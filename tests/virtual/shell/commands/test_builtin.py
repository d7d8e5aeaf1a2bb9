"""Built-in commands; most are compared with the system's shell in `test_interpreter`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "err", "code"),
    [
        ("echo -n a; echo b", "ab\n", "", 0),
        ("echo 'a\\tb'; echo -E 'a\\tb'", "a\tb\na\\tb\n", "", 0),
        ("cd /nope", "", "/system/bin/sh: cd: /nope: No such file or directory\n", 2),
        (
            "cd /system/build.prop",
            "",
            "/system/bin/sh: cd: /system/build.prop: Not a directory\n",
            2,
        ),
        ("cd /data; cd /; cd -; pwd", "/data\n/data\n", "", 0),
        ("print -n a; print -r 'b\\t'", "ab\\t\n", "", 0),
        (
            "type cd cat nosuch",
            "cd is a shell builtin\ncat is /system/bin/cat\nnosuch not found\n",
            "",
            1,
        ),
        ("env -i a=1 env; a=2 env | grep ^a=", "a=1\na=2\n", "", 0),
        ("export 1=2", "", "/system/bin/sh: export: 1: is not an identifier\n", 1),
        ("export A=1; env | grep ^A=", "A=1\n", "", 0),
        ("export A=1; unset A; echo .$A", ".\n", "", 0),
        ("which cat nosuch", "/system/bin/cat\n", "", 1),
        ("command -v ls", "/system/bin/ls\n", "", 0),
        ("exec echo a; echo never", "a\n", "", 0),
        ("exit 300", "", "", 44),
        ("exit x", "", "", 1),
        ("sleep x", "", "sleep: bad 'x'\n", 1),
        ("sleep", "", "sleep: Needs 1 argument\n", 1),
        ("shift", "", "/system/bin/sh: shift: nothing to shift\n", 1),
        ("echo 'a b' | { read x y; echo $y$x; }", "ba\n", "", 0),
        ("sh /sdcard/none", "", "/system/bin/sh: /sdcard/none: No such file or directory\n", 127),
        ("echo 'echo $1' >/sdcard/s; sh /sdcard/s arg", "arg\n", "", 0),
        ("printf", "", "/system/bin/sh: printf: usage: printf format [arguments ...]\n", 1),
        ("printf '%c%%|%5s|%x' xy ab 255", "x%|   ab|ff", "", 0),
    ],
)
def test_builtins(rig: ShellRig, line: str, out: str, err: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.err, done.code) == (out, err, code)
