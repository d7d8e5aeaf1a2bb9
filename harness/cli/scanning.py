"""Recorded files to scanned entries: one process, or several that share a large HAR file.

Input: a path and what to look for. Output: `FileResult`: entries that hold something or could not
be read, the number of all entries, and why reading stopped early if it did.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from harness.cli.scanner import FileResult, Scanner, Task
from harness.detection.salting import explaining
from harness.errors import HarnessError
from harness.traffic.captures import read_capture
from harness.traffic.exchange import Exchange
from harness.traffic.har import Fault, entry_exchanges
from harness.traffic.har_slices import Slice
from harness.traffic.json_walk import WalkError

MIN_PARALLEL_BYTES = 8 << 20
"""Below this starting processes costs more than it gains."""
SLICES_PER_JOB = 24
COLLECT_AFTER = 50_000


def scan_file(
    path: Path, task: Task, *, jobs: int = 1, advanced: Callable[[int], None] | None = None
) -> FileResult:
    """Scan a whole file; a file that cannot be read to its end keeps what came before.

    It is read again when a digest turns out to be salted with an identifier that came later.
    """
    result = _scan_once(path, task, jobs, advanced)
    late = explaining(task.terms, result.evidence)
    if late:
        used = result.evidence.used
        result = _scan_once(path, replace(task, salts=(*task.salts, *used, *late)), jobs, advanced)
    result.entries = result.sessions.attached(result.entries)
    return result


def _scan_once(
    path: Path, task: Task, jobs: int, advanced: Callable[[int], None] | None
) -> FileResult:
    if jobs > 1 and _can_be_shared(path):
        shared = _scan_shared(path, task, jobs, advanced)
        if shared is not None:
            return shared
    result = FileResult(path)
    try:
        with _calm_collector():
            Scanner(task).scan(read_capture(path, advanced), result)
    except HarnessError as error:
        result.error = error
    return result


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Look for reference cycles rarely: a scan makes many short-lived objects and no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _can_be_shared(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        return head[:1] == b"{" and path.stat().st_size >= MIN_PARALLEL_BYTES
    except OSError:
        return False  # the sequential reader reports it


def _scan_shared(
    path: Path, task: Task, jobs: int, advanced: Callable[[int], None] | None
) -> FileResult | None:
    """Slices in parallel; None when they do not join up, so that one process must do it.

    The workers take slices from the front, this process from the back, until they meet: so nobody
    waits for a worker that is still starting, or for the one with the longest slice.
    """
    size = path.stat().st_size
    count = jobs * SLICES_PER_JOB
    cuts = [size * number // count for number in range(count)] + [size + 1]
    slices = [Slice(path, low, high) for low, high in pairwise(cuts)]
    read = _Read(advanced or _nobody)
    here: dict[int, tuple[Slice, FileResult]] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs - 1, mp_context=context) as pool:
        waiting = [pool.submit(_scan_slice, part, task) for part in slices]
        for future, part in zip(waiting, slices, strict=True):
            future.add_done_callback(read.when_done(part))
        for number in reversed(range(count)):
            if waiting[number].cancel():
                here[number] = _scan_slice(slices[number], task)
                read.add(slices[number])
        done = [here[n] if n in here else future.result() for n, future in enumerate(waiting)]
    return _joined(path, done)


class _Read:
    """Tells how many bytes have been read, slice by slice, wherever that was."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self._told = told
        self._sizes: list[int] = []

    def add(self, part: Slice) -> None:
        self._sizes.append(part.high - part.low)
        self._told(sum(self._sizes))

    def when_done(self, part: Slice) -> Callable[[Future[Any]], None]:
        return lambda future: None if future.cancelled() else self.add(part)


def _nobody(count: int) -> None:
    """Progress that nobody wants to hear of."""


def _joined(path: Path, done: Sequence[tuple[Slice, FileResult]]) -> FileResult | None:
    """One result, if each slice ended where the next one with an entry began."""
    whole = FileResult(path)
    expected = -1
    for number, (part, result) in enumerate(done):
        if result.error is not None:
            return None
        if number and part.started < 0:  # one entry may be longer than a slice
            if result.count or 0 <= expected < part.high:
                return None
            continue
        if number and part.started != expected:
            return None
        _append(whole, result)
        expected = part.ended
    return whole if expected == -1 else None


@lru_cache(maxsize=1)
def _scanner(task: Task) -> Scanner:
    """One for all slices that a process takes: what it learns of tokens stays."""
    return Scanner(task)


def _scan_slice(part: Slice, task: Task) -> tuple[Slice, FileResult]:
    """One slice; entries are numbered from 0 within it."""
    result = FileResult(part.path)
    try:
        with _calm_collector():
            _scanner(task).scan(_exchanges(part), result)
    except (WalkError, ValueError) as error:
        result.error = HarnessError(str(error), where=str(part.path))
    return part, result


def _exchanges(part: Slice) -> Iterator[Exchange | Fault]:
    for element in part.elements():
        yield from entry_exchanges(element, str(part.path))


def _append(whole: FileResult, result: FileResult) -> None:
    shift = whole.count
    for entry in result.entries:
        whole.entries.append(replace(entry, index=entry.index + shift))
    whole.sessions.append(result.sessions, shift)
    whole.evidence = whole.evidence.with_(result.evidence)
    whole.faults.extend(Fault(f.index + shift, f.reason, f.source) for f in result.faults)
    whole.count += result.count
