"""sed; the rest is compared with toybox in `test_corpus`."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "code"),
    [
        ("printf 'a\\nb\\nc\\nd\\n' | sed -n '2,3p'", "b\nc\n", 0),
        ("printf 'a\\nb\\n' | sed '/a/!d'", "a\n", 0),
        ("printf 'a\\nb\\n' | sed 1q", "a\n", 0),
        ("echo aXb | sed -E 's/(a)X(b)/\\2\\1/'", "ba\n", 0),
        ("echo ab | sed 's/b/[&]/'", "a[b]\n", 0),
        ("printf 'a\\nb\\nc\\n' | sed '/b/,$d'", "a\n", 0),
        ("echo x | sed 's/x'", "", 1),
        ("echo x | sed k", "", 1),
        ("sed", "", 1),
        ("echo a | sed 's/A/z/I;s/z/y/'", "y\n", 0),
    ],
)
def test_editing(rig: ShellRig, line: str, out: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.code) == (out, code), done.err
