"""Filters, against the same tools of the machine."""

from __future__ import annotations

import subprocess

import pytest

from tests.virtual.fakes.shell import ShellRig

DATA = b"b one\na two\nc three\na two\n10\n9\n"


@pytest.mark.parametrize(
    "line",
    [
        "grep two",
        "grep -c a",
        "grep -v -n a",
        "grep -i ONE",
        "grep -E 'one|three'",
        "grep 'one\\|three'",
        "grep -o 't[a-z]*'",
        "grep -F '.'",
        "grep -w tw",
        "grep -q two && echo yes",
        "grep -x '9'",
        "grep -m 1 a",
        "grep -e one -e three",
        "head -n 2",
        "head -1",
        "head -c 3",
        "tail -n 2",
        "tail -n +3",
        "wc -l",
        "wc -c",
        "sort",
        "sort -r",
        "sort -u",
        "uniq",
        "cut -d ' ' -f 2",
        "tr -d 'a\\n'",
        "tr a-z A-Z | head -c 0",
        "xargs echo",
        "base64",
        "sha256sum -",
        "md5sum -",
    ],
)
def test_like_the_machines_own_tool(rig: ShellRig, line: str) -> None:
    env = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    real = subprocess.run(["/bin/sh", "-c", line], input=DATA, capture_output=True, env=env)
    done = rig(line, DATA)
    assert (done.out, done.code) == (real.stdout.decode(), real.returncode)


def test_several_files_are_named(rig: ShellRig) -> None:
    rig("cd /sdcard; echo a >f; echo b >g")
    assert rig("cd /sdcard; grep . f g").out == "f:a\ng:b\n"
    assert rig("grep . /nope").code == 2
