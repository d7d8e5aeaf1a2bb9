"""Redirections: the streams of a command, and what `<`, `>`, `>>`, `2>&1` make of them.

Files are read and written through the device's file system with the rights of the shell's user;
what cannot be opened raises `RedirectionError` with mksh's words.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from harness.virtual.device.filesystem import FileSystem
from harness.virtual.shell.command import ShellState
from harness.virtual.shell.pipes import Pipe, Sink, discard
from harness.virtual.shell.syntax import Redirect

NULL = "/dev/null"
_TEXTS = {"<<": "", "<<<": "\n"}


class RedirectionError(Exception):
    """A file of a redirection cannot be opened."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Descriptors 0, 1 and 2 of a command, and any others."""

    stdin: Pipe
    out: Sink
    err: Sink
    more: Mapping[int, Pipe | Sink] = field(default_factory=dict)

    def changed(self, others: Mapping[int, Pipe | Sink]) -> Streams:
        """With other streams for some descriptors."""
        streams = self
        for descriptor, stream in others.items():
            streams = _with(streams, descriptor, stream)
        return streams

    def all(self) -> dict[int, Pipe | Sink]:
        return {0: self.stdin, 1: self.out, 2: self.err, **self.more}


def redirected(
    redirect: Redirect, target: str, streams: Streams, files: FileSystem, state: ShellState
) -> tuple[Streams, Callable[[], None] | None]:
    """`streams` after one redirection, and what is to be called at the end."""
    if redirect.operator in (">&", "<&") and (target.isdigit() or target == "-"):
        return _duplicated(redirect.descriptor, target, streams), None
    if redirect.operator in _TEXTS:
        text = target + _TEXTS[redirect.operator]
        data = text.encode("utf-8", "surrogateescape")
        return _with(streams, redirect.descriptor, Pipe.of(data)), None
    if redirect.operator == "<":
        return _with(streams, redirect.descriptor, _opened(target, files, state)), None
    if redirect.operator == ">" and "C" in state.options:
        _check_new(target, files, state)
    sink, close = _created(target, files, state, append=redirect.operator == ">>")
    if redirect.operator in ("&>", ">&"):
        return replace(streams, out=sink, err=sink), close
    return _with(streams, redirect.descriptor, sink), close


def _duplicated(descriptor: int, target: str, streams: Streams) -> Streams:
    if target == "-":
        return _with(streams, descriptor, Pipe.of(b"") if descriptor == 0 else discard)
    source = streams.all().get(int(target))
    if source is None or isinstance(source, Pipe) is not (descriptor == 0):
        raise RedirectionError(f"{target}: bad file descriptor")
    return _with(streams, descriptor, source)


def _with(streams: Streams, descriptor: int, stream: Pipe | Sink) -> Streams:
    if descriptor == 0 and isinstance(stream, Pipe):
        return replace(streams, stdin=stream)
    if descriptor in (1, 2) and not isinstance(stream, Pipe):
        return replace(streams, out=stream) if descriptor == 1 else replace(streams, err=stream)
    return replace(streams, more={**streams.more, descriptor: stream})


def _check_new(target: str, files: FileSystem, state: ShellState) -> None:
    """`set -C`: a file that is there is not written over."""
    try:
        entry = files.stat(target, state.cwd, uid=state.uid)
    except OSError:
        return
    if stat.S_ISREG(entry.mode):
        raise RedirectionError(f"can't create {target}: File exists")


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
