"""`tar -c` on the device; Python's tarfile and GNU tar read what it packs."""

from __future__ import annotations

import io
import subprocess
import tarfile

from tests.virtual.fakes.shell import ShellRig

MAKE = "cd /data/local/tmp; mkdir -p d/e; echo one >d/one; echo two >'d/e/t é'; ln -s one d/link"


def test_files_folders_and_links_are_packed(rig: ShellRig) -> None:
    assert rig(MAKE).code == 0
    (out, err), code = rig.raw("cd /data/local/tmp; tar -c d")
    assert (err, code) == (b"", 0)
    with tarfile.open(fileobj=io.BytesIO(out)) as archive:
        held = {
            member.name: archive.extractfile(member).read()  # type: ignore[union-attr]  # a file
            for member in archive
            if member.isfile()
        }
        assert held == {"d/one": b"one\n", "d/e/t é": b"two\n"}
        assert archive.getmember("d/link").linkname == "one"
    listed = subprocess.run(["tar", "-t"], input=out, capture_output=True, check=True).stdout
    assert listed.decode("unicode_escape").encode("latin-1").decode().split("\n")[0] == "d/"


def test_into_a_file_and_from_another_folder(rig: ShellRig) -> None:
    assert rig(f"{MAKE}; tar -cf /sdcard/x.tar -C d one; stat -c %s /sdcard/x.tar").out == "10240\n"
    assert rig("tar -cf /system/x.tar /data/local/tmp/d").err == (
        "tar: /system/x.tar: Read-only file system\n"
    )


def test_refusals(rig: ShellRig) -> None:
    done = rig(f"{MAKE}; tar -c nope d/one | wc -c")
    assert done.err == "tar: nope: No such file or directory\n"
    assert int(done.out) == 10240
    assert (
        rig("tar").code == rig("tar -xf x").code == rig("tar -c").code == rig("tar -cf").code == 1
    )
