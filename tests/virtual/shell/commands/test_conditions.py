"""`test`, against the system's own shell; and on files of the device."""

from __future__ import annotations

import subprocess

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    "words",
    [
        "''",
        "x",
        "-n ''",
        "-z ''",
        "a = a",
        "a != a",
        "1 -eq 1",
        "10 -gt 9",
        "-3 -lt 2",
        "! a = b",
        "a = a -a b = c",
        "a = b -o b = b",
        "-e /nope",
        "-d /",
        "a -foo b",
    ],
)
def test_like_the_systems_shell(rig: ShellRig, words: str) -> None:
    real = subprocess.run(["/bin/sh", "-c", f"test {words}"], capture_output=True, check=False)
    assert rig(f"test {words}").code == real.returncode
    assert rig(f"[ {words} ]").code == real.returncode


def test_files(rig: ShellRig) -> None:
    rig("cd /sdcard; echo x >f; touch empty; ln -s f l")
    for words, code in {
        "-f f": 0,
        "-d f": 1,
        "-s f": 0,
        "-s empty": 1,
        "-L l": 0,
        "-L f": 1,
        "-r f": 0,
        "-x /sdcard": 0,
        "-e nope": 1,
    }.items():
        assert rig(f"cd /sdcard; test {words}").code == code, words


def test_a_bracket_must_be_closed(rig: ShellRig) -> None:
    done = rig("[ a")
    assert (done.err, done.code) == ("/system/bin/sh: [: missing ]\n", 2)
