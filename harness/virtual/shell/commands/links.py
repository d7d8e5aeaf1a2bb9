"""Toybox's commands on links, checksums and free space."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import shutil

from harness.virtual.shell.command import Command, Evidence, Invocation, Origin, Runner, table
from harness.virtual.shell.commands.files import each, split_options

ORIGIN = Origin(Evidence.DOCUMENTED, "toybox help")


async def _ln(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    if len(paths) != 2 or "s" not in letters:
        return await call.fail("ln: only symbolic links are supported here")
    try:
        link = call.device.files.writable(
            paths[1], call.state.cwd, uid=call.state.uid, follow=False
        )
        if "f" in letters:
            link.unlink(missing_ok=True)
        link.symlink_to(paths[0])
    except OSError as error:
        return await call.fail(f"ln: cannot create symbolic link '{paths[1]}': {error.strerror}")
    return 0


async def _readlink(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    if "f" in letters:
        return await _realpath(call.again(["realpath", *paths]))
    for path in paths:
        try:
            entry = call.device.files.stat(path, call.state.cwd, uid=call.state.uid, follow=False)
        except OSError:
            return 1
        if not entry.is_link:
            return 1
        await call.out(entry.target + "\n")
    return 0


async def _realpath(call: Invocation) -> int:
    async def show(path: str) -> None:
        where = call.device.files.locate(path, call.state.cwd)
        call.device.files.stat(where, uid=call.state.uid)
        await call.out(where + "\n")

    return await each(call, call.args, show)


async def _basename(call: Invocation) -> int:
    name = posixpath.basename(call.args[0].rstrip("/")) if call.args else ""
    suffix = call.args[1] if len(call.args) > 1 else ""
    await call.out((name.removesuffix(suffix) if name != suffix else name) + "\n")
    return 0


async def _dirname(call: Invocation) -> int:
    for path in call.args:
        bare = path.rstrip("/")
        folder = posixpath.dirname(bare) if bare else "/"
        await call.out((folder or ".") + "\n")
    return 0


def _checksum(algorithm: str) -> Runner:
    async def run(call: Invocation) -> int:
        letters, paths = split_options(call.args)

        async def show(path: str) -> None:
            if path == "-":
                data = await call.stdin.read_all()
            else:
                data = call.device.files.read(path, call.state.cwd, uid=call.state.uid)
            digest = hashlib.new(algorithm, data).hexdigest()
            await call.out(f"{digest}\n" if "b" in letters else f"{digest}  {path}\n")

        return await each(call, paths or ["-"], show)

    return run


async def _base64(call: Invocation) -> int:
    letters, paths = split_options(call.args)
    try:
        data = (
            call.device.files.read(paths[0], call.state.cwd, uid=call.state.uid)
            if paths
            else await call.stdin.read_all()
        )
    except OSError as error:
        return await call.fail(f"base64: {paths[0]}: {error.strerror}")
    if "d" in letters:
        await call.out(base64.b64decode(data))
        return 0
    text = base64.b64encode(data).decode()
    width = len(text) or 1 if "w" in letters else 76
    await call.out("".join(text[at : at + width] + "\n" for at in range(0, len(text), width)))
    return 0


async def _df(call: Invocation) -> int:
    usage = shutil.disk_usage(call.device.files.root)
    unit = 1024
    total, used, free = usage.total // unit, usage.used // unit, usage.free // unit
    percent = round(100 * used / total) if total else 0
    await call.out(
        "Filesystem     1K-blocks     Used Available Use% Mounted on\n"
        f"/dev/block/dm-0 {total:>9} {used:>8} {free:>9} {percent:>3}% /data\n"
    )
    return 0


async def _du(call: Invocation) -> int:
    _, paths = split_options(call.args)

    async def show(path: str) -> None:
        files, state = call.device.files, call.state
        entry = files.stat(path, state.cwd, uid=state.uid)
        if entry.is_folder:
            files.entries(path, state.cwd, uid=state.uid)  # for the right to look into it
        host = files.host_path(path, state.cwd)
        inner = [f for f in host.rglob("*") if f.is_file()] if entry.is_folder else [host]
        size = sum(f.lstat().st_size for f in inner) // 1024
        await call.out(f"{size}\t{path}\n")

    return await each(call, paths or ["."], show)


COMMANDS: dict[str, Command] = table(
    ORIGIN,
    {
        "ln": _ln,
        "readlink": _readlink,
        "realpath": _realpath,
        "basename": _basename,
        "dirname": _dirname,
        "md5sum": _checksum("md5"),
        "sha1sum": _checksum("sha1"),
        "sha256sum": _checksum("sha256"),
        "base64": _base64,
        "df": _df,
        "du": _du,
    },
)
