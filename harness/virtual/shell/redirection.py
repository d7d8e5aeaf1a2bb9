"""Redirections: the streams of a command, and what `<`, `>`, `>>`, `2>&1` make of them.

Files are read and written through the device's file system with the rights of the shell's user;
what cannot be opened raises `RedirectionError` with mksh's words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from harness.virtual.device.filesystem import FileSystem
from harness.virtual.shell.command import ShellState
from harness.virtual.shell.pipes import Pipe, Sink, discard
from harness.virtual.shell.syntax import Redirect

NULL = "/dev/null"


class RedirectionError(Exception):
    """A file of a redirection cannot be opened."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Descriptors 0, 1 and 2 of a command."""

    stdin: Pipe
    out: Sink
    err: Sink


def redirected(
    redirect: Redirect, target: str, streams: Streams, files: FileSystem, state: ShellState
) -> tuple[Streams, Callable[[], None] | None]:
    """`streams` after one redirection, and what is to be called at the end."""
    if redirect.operator in (">&", "<&") and (target.isdigit() or target == "-"):
        return _duplicated(redirect.descriptor, target, streams), None
    if redirect.operator == "<":
        return replace(streams, stdin=_opened(target, files, state)), None
    sink, close = _created(target, files, state, append=redirect.operator == ">>")
    if redirect.operator in ("&>", ">&"):
        return replace(streams, out=sink, err=sink), close
    return _with_sink(streams, redirect.descriptor, sink), close


def _duplicated(descriptor: int, target: str, streams: Streams) -> Streams:
    if target == "-":
        if descriptor == 0:
            return replace(streams, stdin=Pipe.of(b""))
        return _with_sink(streams, descriptor, discard)
    sinks = {"1": streams.out, "2": streams.err}
    if target not in sinks:
        raise RedirectionError(f"{target}: bad file descriptor")
    return _with_sink(streams, descriptor, sinks[target])


def _with_sink(streams: Streams, descriptor: int, sink: Sink) -> Streams:
    if descriptor == 1:
        return replace(streams, out=sink)
    return replace(streams, err=sink) if descriptor == 2 else streams


def _opened(target: str, files: FileSystem, state: ShellState) -> Pipe:
    if target == NULL:
        return Pipe.of(b"")
    try:
        return Pipe.of(files.read(target, state.cwd, uid=state.uid))
    except OSError as error:
        raise RedirectionError(f"can't open {target}: {error.strerror}") from error


def _created(
    target: str, files: FileSystem, state: ShellState, *, append: bool
) -> tuple[Sink, Callable[[], None] | None]:
    if target == NULL:
        return discard, None
    try:
        host = files.writable(target, state.cwd, uid=state.uid)
        file = host.open("ab" if append else "wb", buffering=0)
    except OSError as error:
        raise RedirectionError(f"can't create {target}: {error.strerror}") from error

    async def sink(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]

    return sink, file.close
