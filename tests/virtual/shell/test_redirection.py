"""Redirections, with mksh's words for what cannot be opened."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "err"),
    [
        ("cd /sdcard; echo a >f; echo b >>f; cat f", "a\nb\n", ""),
        ("cd /sdcard; echo a >f; cat <f", "a\n", ""),
        ("nosuch 2>/dev/null; echo $?", "127\n", ""),
        (
            "cd /sdcard; nosuch 2>e; cat e",
            "/system/bin/sh: nosuch: inaccessible or not found\n",
            "",
        ),
        (
            "cd /sdcard; nosuch >f 2>&1; cat f",
            "/system/bin/sh: nosuch: inaccessible or not found\n",
            "",
        ),
        ("echo a >&2", "", "a\n"),
        ("cat </nope", "", "/system/bin/sh: can't open /nope: No such file or directory\n"),
        (
            "echo a >/system/x",
            "",
            "/system/bin/sh: can't create /system/x: Read-only file system\n",
        ),
        (
            "echo a >/data/data/x",
            "",
            "/system/bin/sh: can't create /data/data/x: Permission denied\n",
        ),
        ("cat </dev/null", "", ""),
        ("echo a >&9", "", "/system/bin/sh: 9: bad file descriptor\n"),
    ],
)
def test_redirections(rig: ShellRig, line: str, out: str, err: str) -> None:
    done = rig(line)
    assert (done.out, done.err) == (out, err)


def test_a_redirection_that_fails_skips_its_command(rig: ShellRig) -> None:
    done = rig("echo a >/nope/x && echo never; echo $?")
    assert done.out == "1\n"
