"""The `sync:` service: push, pull, stat and list, versions 1 and 2.

Layout after AOSP `adb/file_sync_protocol.h` and `docs/dev/sync.md`; little-endian. Compression is
not advertised and asking for it gets FAIL. After a failed push the rest of the data is read and
dropped, as adbd does, so that the client sees the message. QUIT, an unknown request or the end of
the stream ends the session. Files are those of the device's file system.
"""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from harness.virtual.adbd.byte_reader import ByteReader
from harness.virtual.adbd.service import Opener, Session
from harness.virtual.adbd.stream import Stream
from harness.virtual.device.filesystem import Entry, FileSystem

MAX_PATH_BYTES = 1024
MAX_DATA_BYTES = 64 * 1024
_BATCH_BYTES = MAX_DATA_BYTES * 15
_DRY_RUN = 0x80000000

_REQUEST = struct.Struct("<4sI")
_STAT_1 = struct.Struct("<4sIII")
_STAT_2 = struct.Struct("<4sIQQIIIIQqqq")


class _Fail(Exception):
    """Answered to the client as FAIL with this text."""


def sync(files: FileSystem, uid: Callable[[], int]) -> Opener:
    """The service; `uid` is who adbd runs as."""

    async def session(stream: Stream) -> None:
        await SyncSession(files, uid(), stream).run()

    async def opener(service: bytes) -> Session | None:
        return session

    return opener


class SyncSession:
    """One conversation on one stream."""

    def __init__(self, files: FileSystem, uid: int, stream: Stream) -> None:
        self._files = files
        self._uid = uid
        self._stream = stream
        self._reader = ByteReader(stream)
        self._requests: dict[bytes, Callable[[str], Awaitable[None]]] = {
            b"STAT": self._stat_1,
            b"STA2": self._stat_2,
            b"LST2": self._lstat_2,
            b"LIST": self._list_1,
            b"LIS2": self._list_2,
            b"SEND": self._send_1,
            b"SND2": self._send_2,
            b"RECV": self._receive_1,
            b"RCV2": self._receive_2,
        }

    async def run(self) -> None:
        """Answer requests until QUIT."""
        with contextlib.suppress(EOFError):
            while True:
                name, size = _REQUEST.unpack(await self._reader.exactly(_REQUEST.size))
                handler = self._requests.get(name)
                if handler is None or size > MAX_PATH_BYTES:
                    if name != b"QUIT":
                        await self._fail("path too long" if handler else "unknown command")
                    return
                path = (await self._reader.exactly(size)).decode("utf-8", "surrogateescape")
                try:
                    await handler(path)
                except _Fail as fail:
                    await self._fail(str(fail))

    async def _fail(self, text: str) -> None:
        data = text.encode("utf-8", "surrogateescape")
        await self._stream.write(_REQUEST.pack(b"FAIL", len(data)) + data)

    def _entry(self, path: str, *, follow: bool) -> Entry:
        return self._files.stat(path, uid=self._uid, follow=follow)

    async def _stat_1(self, path: str) -> None:
        try:
            entry = self._entry(path, follow=False)
            answer = (entry.mode, entry.size_bytes & 0xFFFFFFFF, entry.modified_s)
        except OSError:
            answer = (0, 0, 0)
        await self._stream.write(_STAT_1.pack(b"STAT", *answer))

    async def _stat_2(self, path: str) -> None:
        await self._stream.write(self._facts(b"STA2", path, follow=True))

    async def _lstat_2(self, path: str) -> None:
        await self._stream.write(self._facts(b"LST2", path, follow=False))

    def _facts(self, name: bytes, path: str, *, follow: bool) -> bytes:
        try:
            return _facts(name, self._entry(path, follow=follow))
        except OSError as error:
            return _STAT_2.pack(name, error.errno or 0, *[0] * 10)

    async def _list_1(self, path: str) -> None:
        parts = []
        for entry in self._listing(path):
            data = entry.name.encode("utf-8", "surrogateescape")
            head = _STAT_1.pack(
                b"DENT", entry.mode, entry.size_bytes & 0xFFFFFFFF, entry.modified_s
            )
            parts.append(head + struct.pack("<I", len(data)) + data)
        parts.append(b"DONE" + bytes(16))
        await self._stream.write(b"".join(parts))

    async def _list_2(self, path: str) -> None:
        parts = []
        for entry in self._listing(path):
            data = entry.name.encode("utf-8", "surrogateescape")
            parts.append(_facts(b"DNT2", entry) + struct.pack("<I", len(data)) + data)
        parts.append(b"DONE" + bytes(72))
        await self._stream.write(b"".join(parts))

    def _listing(self, path: str) -> list[Entry]:
        try:
            return self._files.entries(path, uid=self._uid)
        except OSError:
            return []

    async def _send_1(self, target: str) -> None:
        path, comma, mode = target.rpartition(",")
        if not comma or not mode.isdigit():
            raise _Fail("missing , in ID_SEND_V1")
        await self._take_file(path, int(mode), dry_run=False)

    async def _send_2(self, path: str) -> None:
        name, mode, flags = struct.unpack("<4sII", await self._reader.exactly(12))
        if name != b"SND2" or flags & ~_DRY_RUN:
            raise _Fail("compression is not supported")
        await self._take_file(path, mode, dry_run=bool(flags & _DRY_RUN))

    async def _take_file(self, path: str, mode: int, *, dry_run: bool) -> None:
        """Receive DATA until DONE into a file, a link (its target is the data) or nowhere."""
        try:
            if dry_run:
                await self._drop_data()
            elif stat.S_ISLNK(mode):
                await self._take_link(path)
            else:
                await self._take_regular(path, mode)
        except OSError as error:
            await self._fail(f"{self._failing}: {error.strerror}")
            with contextlib.suppress(_Fail):
                await self._drop_data()
            return
        await self._stream.write(_REQUEST.pack(b"OKAY", 0))

    async def _take_regular(self, path: str, mode: int) -> None:
        self._failing = "couldn't create file"
        parent = path.rpartition("/")[0] or "/"
        self._files.make_folder(parent, uid=self._uid, parents=True)
        host = self._files.writable(path, uid=self._uid)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(host, flags, 0o600)
        self._failing = "write failed"
        try:
            async for block in self._data():
                view = memoryview(block)
                while view:
                    view = view[os.write(descriptor, view) :]
            # The owner keeps access on the host, whatever the device's mode says.
            os.fchmod(descriptor, (mode & 0o777) | 0o600)
        except BaseException:
            host.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        os.utime(host, (self._modified_s, self._modified_s))

    async def _take_link(self, path: str) -> None:
        target = b"".join([block async for block in self._data()])
        host = self._files.writable(path, uid=self._uid, follow=False)
        host.unlink(missing_ok=True)
        host.symlink_to(target.rstrip(b"\0").decode("utf-8", "surrogateescape"))

    _modified_s = 0
    _failing = "couldn't create file"

    async def _data(self) -> AsyncIterator[bytes]:
        """The blocks of one file; its time is in `_modified_s` afterwards."""
        while True:
            name, size = _REQUEST.unpack(await self._reader.exactly(_REQUEST.size))
            if name == b"DONE":
                self._modified_s = size
                return
            if name != b"DATA":
                raise _Fail(f"invalid data message: expected ID_DATA, got {name!r}")
            if size > MAX_DATA_BYTES:
                raise _Fail(f"oversize data message: {size}")
            yield await self._reader.exactly(size)

    async def _drop_data(self) -> None:
        async for _ in self._data():
            pass

    async def _receive_1(self, path: str) -> None:
        await self._give_file(path)

    async def _receive_2(self, path: str) -> None:
        name, flags = struct.unpack("<4sI", await self._reader.exactly(8))
        if name != b"RCV2" or flags:
            raise _Fail("compression is not supported")
        await self._give_file(path)

    async def _give_file(self, path: str) -> None:
        try:
            source = self._files.content(self._files.readable(path, uid=self._uid))
        except OSError as error:
            raise _Fail(f"open failed: {error.strerror}") from error
        blocks = iter([source]) if isinstance(source, bytes) else _blocks(source)
        for block in blocks:
            await self._stream.write(_framed(block))
        await self._stream.write(_REQUEST.pack(b"DONE", 0))


def _facts(name: bytes, entry: Entry) -> bytes:
    return _STAT_2.pack(
        name,
        0,
        entry.device,
        entry.inode,
        entry.mode,
        entry.links,
        entry.uid,
        entry.gid,
        entry.size_bytes,
        entry.accessed_s,
        entry.modified_s,
        entry.changed_s,
    )


def _blocks(path: Path) -> Iterator[bytes]:
    """A file in large pieces."""
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BATCH_BYTES):
            yield block


def _framed(block: bytes) -> bytes:
    """`block` as DATA messages."""
    view = memoryview(block)
    parts: list[bytes | memoryview] = []
    for start in range(0, len(block), MAX_DATA_BYTES):
        piece = view[start : start + MAX_DATA_BYTES]
        parts += [_REQUEST.pack(b"DATA", len(piece)), piece]
    return b"".join(parts)
