"""`find` on the device, beside GNU's find on the same folder where both know the words."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import pytest

from tests.virtual.fakes.shell import ShellRig

WITHIN = "/data/local/tmp"


@pytest.fixture
def tree(rig: ShellRig) -> ShellRig:
    host = rig.device.files.root / "data/local/tmp"
    for name, size in (("a/one.xml", 10), ("a/b/two.db", 2000), ("three é.xml", 0)):
        path = host / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
        os.utime(path, (1_700_000_000 + size, 1_700_000_000 + size))
    (host / "link").symlink_to("a")
    return rig


@pytest.mark.parametrize(
    "words",
    [
        "",
        ". -type f",
        "a link -type d",
        ". -type l",
        ". -name '*.xml'",
        "a -newer a/one.xml -type f",
        ". -maxdepth 1",
        ". -mindepth 2 -type f",
        ". -size +1 -type f",
        ". -size -5c -type f",
        ". -size 10c",
        ". -type f -print0",
        ". -type f -exec stat -c '%s %n' {} +",
        ". -type f -exec echo it is {} ;",
    ],
)
def test_as_gnu_find(tree: ShellRig, words: str) -> None:
    argv = ["find", *shlex.split(words)]
    host = tree.device.files.root / "data/local/tmp"
    theirs = subprocess.run(argv, cwd=host, capture_output=True, text=True, check=True).stdout
    ours = tree(f"cd {WITHIN}; {shlex.join(argv)}")
    assert (sorted(re.split("[\n\0]", ours.out)), ours.code) == (
        sorted(re.split("[\n\0]", theirs)),
        0,
    )


@pytest.mark.parametrize(
    ("words", "err"),
    [
        ("/nope", "find: /nope: No such file or directory\n"),
        (". -frobnicate", "find: bad arg '-frobnicate'\n"),
        (". -type", "find: '-type' needs 1 arg\n"),
        (". -type q", "find: bad -type 'q'\n"),
        (". -newer /nope", "find: '/nope': No such file or directory\n"),
        (". -size 3x", "find: bad arg '3x'\n"),
        (". -maxdepth x", "find: bad arg 'x'\n"),
        (". -exec ls", "find: -exec needs \\;\n"),
        ("/data/data", "find: /data/data: Permission denied\n"),
    ],
)
def test_refusals(tree: ShellRig, words: str, err: str) -> None:
    done = tree(f"cd {WITHIN}; find {words}")
    assert (done.code, done.err) == (1, err)
