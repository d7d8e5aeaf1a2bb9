"""Links, checksums, free space."""

from __future__ import annotations

from tests.virtual.fakes.shell import ShellRig


def test_links(rig: ShellRig) -> None:
    rig("cd /sdcard; echo x >f; ln -s f l")
    assert rig("readlink /sdcard/l").out == "f\n"
    assert rig("readlink -f /sdcard/l").out == "/storage/emulated/0/f\n"
    assert rig("cat /sdcard/l").out == "x\n"
    assert rig("readlink /sdcard/f").code == 1
    assert rig("realpath /sdcard/../0/Download").out == "/storage/emulated/0/Download\n"


def test_names(rig: ShellRig) -> None:
    assert rig("basename /a/b.txt .txt; dirname /a/b.txt").out == "b\n/a\n"


def test_sums_of_files(rig: ShellRig) -> None:
    rig("printf abc >/sdcard/f")
    expected = "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321, appendix A.5
    assert rig("md5sum /sdcard/f").out == f"{expected}  /sdcard/f\n"
    assert rig("md5sum -b /sdcard/f").out == f"{expected}\n"


def test_space(rig: ShellRig) -> None:
    assert rig("df").out.splitlines()[1].endswith("% /data")
    assert rig("du -s /sdcard").out.endswith("\t/sdcard\n")
