"""Words that are no commands; texts as mksh prints them."""

from __future__ import annotations

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "text", "code"),
    [
        ("nosuch", "/system/bin/sh: nosuch: inaccessible or not found\n", 127),
        ("/nosuch", "/system/bin/sh: /nosuch: inaccessible or not found\n", 127),
        ("/sdcard", "/system/bin/sh: /sdcard: can't execute: Is a directory\n", 126),
        (
            "/system/build.prop",
            "/system/bin/sh: /system/build.prop: can't execute: Permission denied\n",
            126,
        ),
    ],
)
def test_texts_and_status(rig: ShellRig, line: str, text: str, code: int) -> None:
    done = rig(line)
    assert (done.out, done.err, done.code) == ("", text, code)
