"""`tar -c`: packs files of the device on standard output or into a file; unpacking is not there."""

from __future__ import annotations

import io
import posixpath
import tarfile

from harness.virtual.device.filesystem import Entry
from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, table

ORIGIN = Origin(Evidence.DOCUMENTED, "toybox help tar")


async def _tar(call: Invocation) -> int:
    words = list(call.args)
    letters = words.pop(0).lstrip("-") if words else ""
    target, cwd = "-", call.state.cwd
    if "f" in letters:
        if not words:
            return await call.fail("tar: Needs 1 argument")
        target = words.pop(0)
    if words[:1] == ["-C"] and len(words) > 1:
        cwd = call.device.files.locate(words[1], cwd)
        words = words[2:]
    if set(letters) - {"f", "v"} != {"c"}:
        return await call.fail("tar: only -c is available on this virtual device")
    if not words:
        return await call.fail("tar: empty archive")
    packed, status = io.BytesIO(), 0
    with tarfile.open(fileobj=packed, mode="w:", format=tarfile.GNU_FORMAT) as archive:
        for path in words:
            try:
                _add(call, archive, path, cwd)
            except OSError as error:
                status = await call.fail(f"tar: {path}: {error.strerror}")
    if target == "-":
        await call.out(packed.getvalue())
        return status
    try:
        where = call.device.files.writable(target, call.state.cwd, uid=call.state.uid)
        where.write_bytes(packed.getvalue())
    except OSError as error:
        return await call.fail(f"tar: {target}: {error.strerror}")
    return status


def _add(call: Invocation, archive: tarfile.TarFile, path: str, cwd: str) -> None:
    files, uid = call.device.files, call.state.uid
    entry = files.stat(path, cwd, uid=uid, follow=False)
    data = b"" if entry.is_folder or entry.is_link else files.read(path, cwd, uid=uid)
    member = _member(path.lstrip("/"), entry)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))
    for inner in files.entries(path, cwd, uid=uid) if entry.is_folder else ():
        _add(call, archive, posixpath.join(path, inner.name), cwd)


def _member(name: str, entry: Entry) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.mode, member.uid, member.gid = entry.mode & 0o7777, entry.uid, entry.gid
    member.mtime = entry.modified_s
    if entry.is_folder:
        member.type = tarfile.DIRTYPE
    elif entry.is_link:
        member.type, member.linkname = tarfile.SYMTYPE, entry.target
    return member


COMMANDS: dict[str, Command] = table(ORIGIN, {"tar": _tar})
