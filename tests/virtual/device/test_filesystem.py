"""Paths, links, rights of the device's files."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual.device.filesystem import SHELL_UID, FileSystem


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> FileSystem:
    return FileSystem(tmp_path_factory.mktemp("device"))


@given(
    st.lists(
        st.sampled_from(["..", ".", "", "a", "sdcard", "etc", "proc", "data", "\udcff", "é"]),
        max_size=12,
    )
)
def test_every_path_stays_inside(files: FileSystem, parts: list[str]) -> None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        host = files.host_path("/".join(parts) or "/", "/sdcard")
        assert host.is_relative_to(files.root)


def test_links_are_followed_inside_only(tmp_path: Path) -> None:
    files = FileSystem(tmp_path)
    (tmp_path / "data/local/tmp/out").symlink_to("/../../storage/x")
    assert files.host_path("/data/local/tmp/out") == tmp_path / "storage/x"
    assert files.locate("/sdcard/x") == "/storage/emulated/0/x"
    (tmp_path / "data/local/tmp/loop").symlink_to("loop")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        files.locate("/data/local/tmp/loop")


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/system/x", errno.EROFS),
        ("/proc/x", errno.EROFS),
        ("/x", errno.EROFS),
        ("/data/x", errno.EACCES),
        ("/data/app/x", errno.EACCES),
        ("/data/data/org.x", errno.EACCES),
    ],
)
def test_where_the_shell_may_not_write(files: FileSystem, path: str, number: int) -> None:
    with pytest.raises(OSError, match=os.strerror(number)):
        files.writable(path, uid=SHELL_UID)


def test_private_data(tmp_path: Path) -> None:
    files = FileSystem(tmp_path)
    files.app_uids["org.x"] = 10_100
    (tmp_path / "data/data/org.x/files").mkdir(parents=True)
    (tmp_path / "data/data/org.x/files/f").write_text("secret")
    path = "/data/data/org.x/files/f"
    assert files.read(path, uid=10_100) == b"secret"
    assert files.read(path, uid=0) == b"secret"
    for uid in (SHELL_UID, 10_101):
        with pytest.raises(PermissionError):
            files.read(path, uid=uid)
        with pytest.raises(PermissionError):
            files.stat(path, uid=uid)


def test_generated_files(files: FileSystem) -> None:
    files.generate("/proc/7/cmdline", lambda: b"org.x")
    assert files.read("/proc/7/cmdline") == b"org.x"
    assert files.stat("/proc/7/cmdline").size_bytes == 5
    files.forget("/proc/7/cmdline")
    with pytest.raises(FileNotFoundError):
        files.stat("/proc/7/cmdline")


def test_names_that_are_no_names(files: FileSystem) -> None:
    for path in ("", "a\0b", "x" * 5000):
        with pytest.raises(OSError, match=r"No such file|File name too long"):
            files.locate(path)
