"""Which code a name stands for."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("/system/bin/echo a", "a\n", 0),
        ("/vendor/bin/echo a", "", 127),
        ("cd /data/local/tmp; echo 'echo $1 $0' >s; chmod 700 s; ./s x", "x ./s\n", 0),
        ("cd /data/local/tmp; echo a >t; ./t", "", 126),
        ("/data/local", "", 126),
    ],
)
def test_names(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
