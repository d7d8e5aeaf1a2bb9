"""The files of an app that changed since some moment, read through the device's shell.

Input: a shell, a package, a moment of the device's clock. Output: `AppFiles`. The ways in, in their
order: `run-as` (debuggable apps), adb's own root, `su` in the two spellings that are in use (AOSP's
`su 0 COMMAND`, Magisk's `su -c COMMAND`). Toybox does the rest (`find`, `stat`, `tar`; on devices
since Android 7). Refuses to change anything on the device: nothing is written, no switch to root.
"""

from __future__ import annotations

import io
import re
import shlex
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from harness.device.facts import AppFile, AppFiles, ShellResult

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_BYTES = 64 * 1024 * 1024
"""Bounds of what is fetched for one look; what lies beyond them is told as unread."""

MAX_COMMAND_CHARS = 30_000
"""Names per `tar` command; a command line of the kernel holds 128 KiB (MAX_ARG_STRLEN)."""

MAX_TOLD = 10
"""Lines of `find` and `stat` that are told one by one."""

_GONE = "No such file or directory"
_END = "leak-harness-end"
_NOT_CONTENT = re.compile(r"/(code_cache|lib)/|/no_backup/androidx\.work\.workdb")
"""Compiled code and the scheduler's own book-keeping: nothing of an app's data is kept there."""

_ANSWERS = re.compile(
    r"/(app_webview[^/]*|cache/WebView[^/]*)/[^/]+"
    r"/((HTTP )?Cache/(Cache_Data/|index|[0-9a-f]{16}_[01s]$)|Code Cache/(js|wasm)/)"
)
"""What a web view's engine keeps of answers, by the addresses that they came from: nothing in it
waits to be sent, and it is told as not searched. The storage of pages (`Local Storage`,
`IndexedDB`, `CacheStorage`) is content."""


class Shell(Protocol):
    """`harness.device.adb.Adb`, as far as it is needed here."""

    def shell(self, command: str | Sequence[str], timeout_s: float = ...) -> ShellResult: ...
    def shell_bytes(
        self, command: str | Sequence[str], timeout_s: float = ...
    ) -> tuple[bytes, str, int]: ...


@dataclass(frozen=True, slots=True)
class _Listed:
    path: str
    modified_s: float
    size_bytes: int


def read_app_files(shell: Shell, package: str, since_s: float) -> AppFiles:
    """All files of `package` that were written at or after `since_s` (device clock, seconds).

    Raises:
        LabError: the device is gone.
    """
    roots = [
        f"/data/data/{package}",
        f"/data/user_de/0/{package}",
        f"/sdcard/Android/data/{package}",
    ]
    script = (
        f"for d in {' '.join(map(shlex.quote, roots))}; do if [ -d $d ]; then"
        f" find $d -type f -exec stat -c '%Y %s %n' {{}} + ; fi; done; echo {_END}"
    )
    refusals = []
    for way in _ways(package):
        done = shell.shell(way(script))
        if done.stdout.rstrip().endswith(_END):
            listing = _listed(done.stdout, since_s)
            return _read(shell, way, replace(listing, odd=(*listing.odd, *_closed(done.stderr))))
        refusals.append((done.stderr or done.stdout).strip().splitlines()[:1])
    seen = "; ".join(dict.fromkeys(line for lines in refusals for line in lines))
    return AppFiles(refused=seen or "no way in")


class _Way(Protocol):
    def __call__(self, script: str, /) -> str: ...


def _ways(package: str) -> tuple[_Way, ...]:
    def as_app(script: str) -> str:
        return shlex.join(["run-as", package, "sh", "-c", script])

    def as_root(script: str) -> str:
        return f"if [ $(id -u) = 0 ]; then {script}\nelse echo adb is not root >&2; fi"

    def by_su(script: str) -> str:
        return shlex.join(["su", "0", "sh", "-c", script])

    def by_su_of_magisk(script: str) -> str:
        return shlex.join(["su", "-c", script])

    return as_app, as_root, by_su, by_su_of_magisk


@dataclass(frozen=True, slots=True)
class _Listing:
    files: tuple[_Listed, ...]
    odd: tuple[str, ...]


def _listed(text: str, since_s: float) -> _Listing:
    """Lines of `stat -c '%Y %s %n'`; whole seconds, so a file of the same second counts.

    A database whose write-ahead log changed comes with it: neither can be read without the other.
    """
    files, odd, others, answers = [], [], {}, 0
    for line in text.splitlines():
        modified, _, rest = line.partition(" ")
        size, _, path = rest.partition(" ")
        if line == _END:
            continue
        if not (modified.isdigit() and size.isdigit() and path.startswith("/")):
            odd.append(f"a file whose name cannot be told: {line[:80]!r}")
        elif int(modified) >= int(since_s) and _ANSWERS.search(path):
            answers += 1
        elif int(modified) >= int(since_s) and not _NOT_CONTENT.search(path):
            files.append(_Listed(path, float(modified), int(size)))
        else:
            others[path] = _Listed(path, float(modified), int(size))
    if answers:
        odd.append(f"{answers} files that the web view keeps of answers")
    logs = (each.path for each in files if each.path.endswith("-wal"))
    bases = [others[path[:-4]] for path in logs if path[:-4] in others]
    return _Listing((*files, *bases), tuple(odd))


def _closed(errors: str) -> tuple[str, ...]:
    """What `find` and `stat` could not look into; a file that was just removed is nothing amiss."""
    lines = [line for line in errors.splitlines() if line and _GONE not in line]
    more = (f"{len(lines) - MAX_TOLD} more that could not be listed",)
    return (*lines[:MAX_TOLD], *(more if len(lines) > MAX_TOLD else ()))


def _read(shell: Shell, way: _Way, listing: _Listing) -> AppFiles:
    wanted, unread, total = [], list(listing.odd), 0
    for each in sorted(listing.files, key=lambda each: each.size_bytes):
        total += each.size_bytes
        if each.size_bytes > MAX_FILE_BYTES or total > MAX_BYTES:
            unread.append(f"{each.path}: {each.size_bytes} bytes are too many to fetch")
        elif each.size_bytes:
            wanted.append(each)
    content: dict[str, bytes] = {}
    for names in _batches([each.path.lstrip("/") for each in wanted]):
        packed, _, _ = shell.shell_bytes(way(f"cd / && tar -c {shlex.join(names)}"))
        content |= _unpacked(packed)
    missing = [each.path for each in wanted if each.path.lstrip("/") not in content]
    unread += [f"{path}: gone or unreadable when it was fetched" for path in missing]
    files = (
        AppFile(each.path, each.modified_s, content[each.path.lstrip("/")])
        for each in wanted
        if each.path.lstrip("/") in content
    )
    return AppFiles(tuple(sorted(files, key=lambda file: file.path)), tuple(unread))


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        if batch and sum(map(len, batch)) + len(name) > MAX_COMMAND_CHARS:
            yield batch
            batch = []
        batch.append(name)
    if batch:
        yield batch


def _unpacked(packed: bytes) -> dict[str, bytes]:
    """Members by name; an archive that breaks off gives what was whole."""
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:") as archive:
            for member in archive:
                held = archive.extractfile(member) if member.isfile() else None
                if held is not None:
                    found[member.name.lstrip("/")] = held.read()
    except (tarfile.TarError, EOFError):
        return found  # what is missing is told by the caller
    return found
