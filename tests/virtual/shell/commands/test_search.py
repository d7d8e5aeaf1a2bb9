"""grep; the rest is compared with toybox in `test_corpus`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("echo abc | grep -n b", "1:abc\n", 0),
        ("grep", "", 2),
        ("echo a | grep '['", "", 2),
        ("printf 'a\\nb\\nc\\n' | grep -C1 b", "a\nb\nc\n", 0),
        ("mkdir -p /sdcard/g/h; echo x >/sdcard/g/h/f; cd /sdcard; grep -r x", "g/h/f:x\n", 0),
        ("cd /sdcard; grep -rq nosuchword .; echo $?", "1\n", 0),
    ],
)
def test_searching(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
