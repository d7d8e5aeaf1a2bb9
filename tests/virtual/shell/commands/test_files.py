"""Commands on files: toybox's outputs and errors, and no way out of the device's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.virtual.fakes.shell import ShellRig


@pytest.mark.parametrize(
    ("line", "out", "err", "code"),
    [
        ("cat /nope", "", "cat: /nope: No such file or directory\n", 1),
        ("cat /data", "", "cat: /data: Is a directory\n", 1),
        ("ls /nope", "", "ls: /nope: No such file or directory\n", 1),
        ("ls /sdcard", "DCIM\nDownload\nPictures\n", "", 0),
        ("ls /data/data", "", "ls: /data/data: Permission denied\n", 1),
        ("rm /nope", "", "rm: /nope: No such file or directory\n", 1),
        ("rm -f /nope", "", "", 0),
        ("rm /sdcard/DCIM", "", "rm: /sdcard/DCIM: Is a directory\n", 1),
        ("rm -rf /sdcard/DCIM; ls /sdcard", "Download\nPictures\n", "", 0),
        ("rm -rf /system", "", "rm: /system: Read-only file system\n", 1),
        ("mkdir /sdcard/a/b", "", "mkdir: /sdcard/a/b: No such file or directory\n", 1),
        ("mkdir -p /sdcard/a/b; ls /sdcard/a", "b\n", "", 0),
        ("mkdir /sdcard/DCIM", "", "mkdir: /sdcard/DCIM: File exists\n", 1),
        ("cd /sdcard; echo x >f; cp f g; cat g; mv g h; ls -d h; cat g", "x\nh\n", None, 1),
        ("cd /sdcard; echo xy >f; stat -c '%s %n %F' f", "3 f regular file\n", "", 0),
        ("cd /sdcard; touch f; chmod 640 f; stat -c %a f; chmod a+x f; stat -c %a f", None, "", 0),
        ("echo a | cat - /nope", "a\n", "cat: /nope: No such file or directory\n", 1),
        ("stat -c %U /data/local/tmp", "shell\n", "", 0),
    ],
)
def test_files(rig: ShellRig, line: str, out: str | None, err: str | None, code: int) -> None:
    done = rig(line)
    assert done.code == code
    assert out is None or done.out == out
    assert err is None or done.err == err


def test_the_mode_is_the_one_that_was_set(rig: ShellRig) -> None:
    assert rig("cd /sdcard; touch f; chmod 640 f; stat -c %a f; chmod a+x f; stat -c %a f").out == (
        "640\n751\n"
    )


def test_long_listings(rig: ShellRig) -> None:
    line = rig("cd /data/local/tmp; echo abc >f; ln -s /sdcard l; ls -l").out.splitlines()
    assert line[0].startswith("total ")
    assert line[1].split()[:5] == ["-rw-r--r--", "1", "shell", "shell", "4"]
    assert line[2].endswith("l -> /sdcard")


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "../../../../../../etc/passwd",
        "/sdcard/../../../../../etc/passwd",
        "/sdcard/link",
        "/sdcard/relative",
        "/sdcard/folder/passwd",
    ],
)
def test_no_path_leads_out(rig: ShellRig, path: str) -> None:
    shared = rig.device.files.root / "storage/emulated/0"
    (shared / "link").symlink_to("/etc/passwd")
    (shared / "relative").symlink_to("../" * 30 + "etc/passwd")
    (shared / "folder").symlink_to("/etc")
    assert Path("/etc/passwd").exists()
    done = rig(f"cat {path}")
    assert done.out == ""
    assert done.code == 1
