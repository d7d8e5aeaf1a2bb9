"""Traps; the rest is compared with mksh in `test_corpus`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("kill -0 $$; echo $?", "0\n", 0),
        ("kill $$; echo no", "", 143),
        ("kill -9 $$; echo no", "", 137),
        ("trap 'echo t' 15; kill -s TERM $$; kill -SIGTERM $$", "t\nt\n", 0),
        ("trap 'exit 9' EXIT; exit 1", "", 9),
        ("trap 'echo x' EXIT; f() { exit 2; }; f", "x\n", 2),
        ("trap 'echo e' ERR; false || true; ! true; false", "e\n", 1),
        ("kill -NOSUCH $$; echo $?", "1\n", 0),
    ],
)
def test_traps(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
