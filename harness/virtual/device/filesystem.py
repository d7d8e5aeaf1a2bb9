"""The device's file system: Android paths on top of one private folder of the host.

Input: Android paths, absolute or relative to a working directory. Output: bytes, `Entry` values,
host paths for the parts of the device that need them. Every component is looked up here, symbolic
links included, so no path and no link leads out of the private folder. Errors are `OSError` with
the number that Android's kernel would give; the texts of bionic are those of `os.strerror`.
Refuses: writing outside the places that adb's user may write to, and special files.
"""

from __future__ import annotations

import errno
import os
import posixpath
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SHELL_UID, ROOT_UID, MEDIA_GID = 2000, 0, 1015
FIRST_APP_UID = 10_000

_MAX_LINKS = 40
_FOLDERS = (
    "data/local/tmp",
    "data/data",
    "data/app",
    "storage/emulated/0/Download",
    "storage/emulated/0/DCIM",
    "storage/emulated/0/Pictures",
    "storage/self",
    "system/bin",
    "proc/net",
    "dev",
    "vendor",
)
_LINKS = {
    "sdcard": "/storage/self/primary",
    "storage/self/primary": "/storage/emulated/0",
    "bin": "/system/bin",
    "etc": "/system/etc",
}
_WRITABLE = ("/data/local/tmp", "/storage/emulated/0")
_READ_ONLY_MOUNTS = ("/system", "/vendor", "/proc", "/sys", "/bin", "/etc", "/dev")
_PRIVATE = ("/data/data", "/data/app")

Generated = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """What `stat` says of one file; times are Unix seconds."""

    name: str
    mode: int
    size_bytes: int
    uid: int
    gid: int
    modified_s: int
    accessed_s: int
    changed_s: int
    device: int
    inode: int
    links: int
    target: str = ""

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.mode)


def failure(number: int, path: str) -> OSError:
    """The error for `path` as the kernel would raise it."""
    return OSError(number, os.strerror(number), path)


class FileSystem:
    """Files of one device.

    Args:
        root: an existing folder of the host; made into a device's tree if it is empty.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._generated: dict[str, Generated] = {}
        self.app_uids: dict[str, int] = {}  # package -> uid; the package table fills it
        for folder in _FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name, target in _LINKS.items():
            link = root / name
            if not link.is_symlink():
                link.symlink_to(target)

    def generate(self, path: str, content: Generated) -> None:
        """Give an absolute path a content that is made at each reading."""
        self._generated[path] = content
        self._touch(self.root / path.lstrip("/"))

    def forget(self, path: str) -> None:
        """Undo `generate`, with the folders that it leaves empty under /proc."""
        if self._generated.pop(path, None) is not None:
            host = self.root / path.lstrip("/")
            host.unlink(missing_ok=True)
            if not any(host.parent.iterdir()):
                host.parent.rmdir()

    def place(self, path: str, data: bytes) -> Path:
        """Write as the system itself, past all rules; the host path."""
        host = self.root / path.lstrip("/")
        host.parent.mkdir(parents=True, exist_ok=True)
        host.write_bytes(data)
        return host

    def locate(self, path: str, cwd: str = "/", *, follow: bool = True) -> str:
        """The absolute path without links, `.` and `..`; the last part may be missing.

        Raises `OSError`: ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG.
        """
        if not path:
            raise failure(errno.ENOENT, path)
        if "\0" in path or len(path.encode("utf-8", "surrogateescape")) > 4096:
            raise failure(errno.ENAMETOOLONG, path)
        parts = [part for part in posixpath.join(cwd, path).split("/") if part not in ("", ".")]
        parts.reverse()
        done: list[str] = []
        links = 0
        while parts:
            part = parts.pop()
            if part == "..":
                done = done[:-1]
                continue
            host = self._host(done) / part
            last = not parts
            if host.is_symlink() and (follow or not last):
                links += 1
                if links > _MAX_LINKS:
                    raise failure(errno.ELOOP, path)
                target = os.readlink(host)
                if target.startswith("/"):
                    done = []
                parts += [p for p in reversed(target.split("/")) if p not in ("", ".")]
                continue
            if not last and not host.is_dir():
                raise failure(errno.ENOTDIR if host.exists() else errno.ENOENT, path)
            done.append(part)
        return "/" + "/".join(done)

    def host_path(self, path: str, cwd: str = "/", *, follow: bool = True) -> Path:
        """Where a path of the device lies on the host (it need not exist)."""
        return self.root / self.locate(path, cwd, follow=follow).lstrip("/")

    def stat(self, path: str, cwd: str = "/", *, uid: int = 0, follow: bool = True) -> Entry:
        """Facts of a file. Raises `OSError`."""
        where = self.locate(path, cwd, follow=follow)
        self._may_search(where, uid)
        return self._entry(where)

    def entries(self, path: str, cwd: str = "/", *, uid: int = 0) -> list[Entry]:
        """The entries of a folder by name, without `.` and `..`. Raises `OSError`."""
        where = self.locate(path, cwd)
        self._may_read(where, uid)
        host = self._host_of(where)
        names = sorted(os.listdir(host))
        return [self._entry(posixpath.join(where, name)) for name in names]

    def read(self, path: str, cwd: str = "/", *, uid: int = 0) -> bytes:
        """A whole file. Raises `OSError`."""
        where = self.readable(path, cwd, uid=uid)
        if where in self._generated:
            return self._generated[where]()
        return self._host_of(where).read_bytes()

    def readable(self, path: str, cwd: str = "/", *, uid: int = 0) -> str:
        """The located path of a file that may be read. Raises `OSError`."""
        where = self.locate(path, cwd)
        self._may_read(where, uid)
        host = self._host_of(where)
        if host.is_dir():
            raise failure(errno.EISDIR, path)
        if not host.is_file():
            raise failure(errno.ENOENT, path)
        return where

    def writable(self, path: str, cwd: str = "/", *, uid: int = 0, follow: bool = True) -> Path:
        """The host path of a file that may be made, changed or removed. Raises `OSError`."""
        where = self.locate(path, cwd, follow=follow)
        self._may_write(where, uid)
        return self._host_of(where)

    def content(self, where: str) -> bytes | Path:
        """Of a located file: the generated bytes, or the host file to read from."""
        made = self._generated.get(where)
        return made() if made is not None else self._host_of(where)

    def make_folder(
        self, path: str, cwd: str = "/", *, uid: int = 0, parents: bool = False
    ) -> None:
        """`mkdir`, with `parents` as `mkdir -p`. Raises `OSError`."""
        if not parents:
            self.writable(path, cwd, uid=uid).mkdir()
            return
        here = "/" if path.startswith("/") else cwd
        for part in path.split("/"):
            here = posixpath.join(here, part) if part else here
            where = self.locate(here)
            if not self._host_of(where).is_dir():
                self.writable(where, uid=uid).mkdir()

    def remove(self, path: str, cwd: str = "/", *, uid: int = 0, recursive: bool = False) -> None:
        """Unlink a file; a folder only with `recursive`. Raises `OSError`."""
        where = self.locate(path, cwd, follow=False)
        if not os.path.lexists(self._host_of(where)):
            raise failure(errno.ENOENT, path)
        host = self.writable(where, uid=uid, follow=False)
        if host.is_dir() and not host.is_symlink():
            if not recursive:
                raise failure(errno.EISDIR, path)
            shutil.rmtree(host)
        else:
            host.unlink()

    def _host(self, parts: list[str]) -> Path:
        return self.root.joinpath(*parts)

    def _host_of(self, where: str) -> Path:
        return self.root / where.lstrip("/")

    def _entry(self, where: str) -> Entry:
        host = self._host_of(where)
        facts = os.lstat(host)
        made = self._generated.get(where)
        uid, gid = self._owner(where)
        return Entry(
            name=posixpath.basename(where),
            mode=facts.st_mode,
            size_bytes=len(made()) if made is not None else facts.st_size,
            uid=uid,
            gid=gid,
            modified_s=int(facts.st_mtime),
            accessed_s=int(facts.st_atime),
            changed_s=int(facts.st_ctime),
            device=facts.st_dev,
            inode=facts.st_ino,
            links=facts.st_nlink,
            target=os.readlink(host) if stat.S_ISLNK(facts.st_mode) else "",
        )

    def _owner(self, where: str) -> tuple[int, int]:
        if _inside(where, "/data/local/tmp"):
            return SHELL_UID, SHELL_UID
        if _inside(where, "/storage"):
            return ROOT_UID, MEDIA_GID
        package = self._package_of(where)
        owner = self.app_uids.get(package, 1000) if package else 0
        return owner, owner

    @staticmethod
    def _package_of(where: str) -> str:
        parts = where.split("/")
        return parts[3] if where.startswith("/data/data/") and len(parts) > 3 else ""

    def _may_search(self, where: str, uid: int) -> None:
        package = self._package_of(where)
        inside = package and where != f"/data/data/{package}"
        if uid != ROOT_UID and inside and self.app_uids.get(package) != uid:
            raise failure(errno.EACCES, where)

    def _may_read(self, where: str, uid: int) -> None:
        package = self._package_of(where)
        foreign = where in _PRIVATE or (package and self.app_uids.get(package) != uid)
        if uid != ROOT_UID and foreign:
            raise failure(errno.EACCES, where)

    def _may_write(self, where: str, uid: int) -> None:
        if any(_inside(where, mount) for mount in _READ_ONLY_MOUNTS):
            raise failure(errno.EROFS, where)
        if where in ("/", "/data", "/storage", "/storage/emulated"):
            raise failure(errno.EROFS if where == "/" else errno.EACCES, where)
        package = self._package_of(where)
        allowed = any(_inside(where, place) for place in _WRITABLE) or (
            bool(package) and uid in (ROOT_UID, self.app_uids.get(package))
        )
        if not allowed and uid != ROOT_UID:
            raise failure(errno.EROFS if where.count("/") == 1 else errno.EACCES, where)

    @staticmethod
    def _touch(host: Path) -> None:
        host.parent.mkdir(parents=True, exist_ok=True)
        host.touch()
        host.chmod(0o444)


def _inside(where: str, place: str) -> bool:
    return where == place or where.startswith(place + "/")
